#include "setup/open_pair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "dflare/error.hpp"
#include "dflare/examination.hpp"
#include "model/torchscript/saved.hpp"
#include "model/torchscript/torchscript.hpp"
#include "setup/settings_rows.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"
#include "weights/approach.hpp"

namespace dflare::repair {
namespace {

Image fitted(const Seed& seed, const InputSpec& input, const char* key) {
  try {
    return input.fit(seed.image);
  } catch (const ModelError& misfit) {
    throw ConfigError(fmt::format("{}: '{}': {}", key, seed.id, misfit.what()));
  }
}

std::vector<Seed> load_all(const SeedSet& seeds, const InputSpec& input) {
  std::vector<Seed> loaded;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    loaded.push_back(seeds.load(i));
    loaded.back().image = fitted(loaded.back(), input, "seeds").clone();
  }
  return loaded;
}

/// As a training batch needs it.
void require_one_shape(const std::vector<Seed>& training) {
  for (const Seed& seed : training) {
    const Seed& first = training[0];
    if (seed.image.size() == first.image.size() && seed.image.type() == first.image.type())
      continue;
    throw ConfigError(fmt::format(
        "seeds: '{}' is {}, '{}' {}; repair trains on images of one size and number of channels: "
        "give the original's input size with resize: true, and read the seed inputs with color: "
        "rgb or color: grey",
        first.id, shape_text(first.image), seed.id, shape_text(seed.image)));
  }
}

void require_unseen(const SeedSet& unseen, const InputSpec& input,
                    const std::vector<Seed>& training) {
  std::map<std::string, std::string> seen;
  for (const Seed& seed : training) seen[key_of(seed.image)] = seed.id;
  std::size_t both = 0;
  std::string example;
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    const Seed seed = unseen.load(i);
    const auto found = seen.find(key_of(fitted(seed, input, "unseen")));
    if (found == seen.end()) continue;
    if (both++ == 0)
      example = fmt::format("'{}' of unseen is '{}' of seeds", seed.id, found->second);
  }
  if (both > 0) {
    throw ConfigError(fmt::format(
        "unseen: {} of its {} images are among the training seeds ({}); a re-test on them would "
        "say nothing. Give images that repair does not train on (skip, take)",
        both, unseen.size(), example));
  }
}

int scores_of(Model& model, const Image& image) {
  ImageBatch alone;
  alone.add(image);
  Scores answers;
  model.answers(alone, answers);
  return answers.classes();
}

void require_fit(OpenPair& pair) {
  const Image& image = pair.training.at(0).image;
  pair.classes = std::max(2, scores_of(*pair.original, image));
  const int of_compressed = scores_of(*pair.compressed, image);
  if (of_compressed == 1) {
    throw ConfigError(fmt::format(
        "compressed: '{}' answers one score for two classes; repair trains scores of two classes "
        "or more: export a model that answers torch.cat([-z, z], 1) in the place of its logit z",
        pair.compressed->info().name));
  }
  if (pair.classes != of_compressed) {
    throw ConfigError(fmt::format(
        "the models do not fit each other: '{}' answers {} classes, '{}' {}; expected two models "
        "of the same classes",
        pair.original->info().name, pair.classes, pair.compressed->info().name, of_compressed));
  }
}

/// Before anything is searched: what the models answer, whether they answer twice alike, whether
/// the original works on the training seeds.
void examine_pair(const Settings& settings, OpenPair& pair) {
  pair.remarks =
      examine(*pair.original, *pair.compressed, settings.training, settings.search).remarks;
}

std::vector<std::string> seed_remarks(const Settings& settings) {
  std::vector<std::string> remarks;
  const auto add = [&](const char* key, const SeedSet& seeds) {
    for (const std::string& remark : seeds.remarks()) remarks.push_back(key + (": " + remark));
  };
  add("seeds", settings.training);
  add("unseen", settings.unseen);
  if (settings.test) add("test", *settings.test);
  return remarks;
}

}  // namespace

std::unique_ptr<Trainable> open_compressed(const Settings& settings, const OpenPair& pair) {
  const std::string name = fmt::format("model file '{}'", settings.compressed.name());
  try {
    auto trainable = open_trainable({pair.compressed_bytes, settings.kind,
                                     settings.train.batch_norm, pair.engine, pair.classes,
                                     pair.compressed->input().output, settings.train.rng_seed});
    trainable->name = name;
    return trainable;
  } catch (const ModelError& failure) {
    throw ModelError(settings.compressed.name(), failure.what(),
                     fmt::format("{}: {}", name, failure.what()));
  }
}

std::shared_ptr<Model> load_like_compressed(const Settings& settings, const OpenPair& pair,
                                            const std::string& bytes, const std::string& name) {
  ModelInfo info;
  info.name = name;
  info.sha256 = sha256_of(bytes);
  const auto model = torchscript_from_bytes(bytes, info, settings.compressed.load);
  const Model& before = *pair.compressed;
  model->settle(before.input().output, before.info().scores, before.info().one_by_one);
  return model;
}

std::string key_of(const Image& image) {
  const cv::Mat whole = image.isContinuous() ? image : image.clone();
  std::string bytes(reinterpret_cast<const char*>(whole.data), whole.total() * whole.elemSize());
  return sha256_of(fmt::format("{} {}\n", shape_text(image), image.type()) + bytes);
}

OpenPair open_pair(const Settings& settings) {
  settings.check();
  require_locale_to_save();
  OpenPair pair;
  pair.original = load(settings.original.source, settings.original.load);
  pair.compressed = load(settings.compressed.source, settings.compressed.load);
  if (pair.compressed->info().backend != "TorchScript") {
    throw ConfigError(
        fmt::format("compressed: '{}' is a model of {}; only TorchScript models can be repaired",
                    settings.compressed.name(), pair.compressed->info().backend));
  }
  pair.engine = pair.compressed->info().engine;
  pair.compressed_bytes = read_file(settings.compressed.source.path());
  if (sha256_of(pair.compressed_bytes) != pair.compressed->info().sha256) {
    const std::string reason = "changes while it is read; run again";
    throw ModelError(settings.compressed.name(), reason,
                     fmt::format("model file '{}' {}", settings.compressed.name(), reason));
  }
  pair.training = load_all(settings.training, pair.original->input());
  if (pair.training.size() < 2) {
    throw ConfigError(
        "seeds: 1 image; expected at least 2: one to train on, and one that chooses the best "
        "round");
  }
  require_one_shape(pair.training);
  require_fit(pair);
  require_unseen(settings.unseen, pair.original->input(), pair.training);
  examine_pair(settings, pair);
  for (std::string& remark : seed_remarks(settings)) pair.remarks.push_back(std::move(remark));
  return pair;
}

std::string settings_fingerprint(const Settings& settings) {
  std::string text = settings.corpus;
  for (const SettingRow& row : settings_table()) {
    if (row.role == SettingRole::training) text += "\n" + row.name + " " + row.get(settings);
  }
  for (const auto& [name, value] : recorded_options(settings.search))
    text += "\n" + name + " " + value;
  return text;
}

}  // namespace dflare::repair
