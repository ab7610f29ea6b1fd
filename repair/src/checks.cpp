#include "checks.hpp"

#include <fmt/format.h>

#include <boost/filesystem/path.hpp>
#include <map>

#include "dflare/error.hpp"
#include "settings_rows.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"

namespace dflare::repair {
namespace {

std::vector<Seed> load_all(const SeedSet& seeds, const InputSpec& input) {
  std::vector<Seed> loaded;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    loaded.push_back(seeds.load(i));
    loaded.back().image = input.fit(loaded.back().image).clone();
  }
  return loaded;
}

void require_unseen(const SeedSet& unseen, const InputSpec& input,
                    const std::vector<Seed>& training) {
  std::map<std::string, std::string> seen;
  for (const Seed& seed : training) seen[key_of(seed.image)] = seed.id;
  std::size_t both = 0;
  std::string example;
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    const Seed seed = unseen.load(i);
    const auto found = seen.find(key_of(input.fit(seed.image)));
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

void require_fit(Pair& pair) {
  const Image& image = pair.training.at(0).image;
  pair.classes = pair.original->predict(image).classes();
  const int of_compressed = pair.compressed->predict(image).classes();
  if (pair.classes != of_compressed) {
    throw ConfigError(fmt::format(
        "the models do not fit each other: '{}' answers {} classes, '{}' {}; expected two models "
        "of the same classes",
        pair.original->info().name, pair.classes, pair.compressed->info().name, of_compressed));
  }
}

}  // namespace

std::unique_ptr<Trainable> open_compressed(const Settings& settings, const Pair& pair) {
  try {
    return open_trainable(pair.compressed_bytes, settings.kind, settings.train.batch_norm,
                          pair.engine, pair.classes, pair.compressed->input().output,
                          settings.train.rng_seed);
  } catch (const ModelError& failure) {
    throw ModelError(
        fmt::format("model file '{}': {}", settings.compressed.name(), failure.what()));
  }
}

std::string key_of(const Image& image) {
  const cv::Mat whole = image.isContinuous() ? image : image.clone();
  std::string bytes(reinterpret_cast<const char*>(whole.data), whole.total() * whole.elemSize());
  return sha256_of(fmt::format("{} {}\n", shape_text(image), image.type()) + bytes);
}

Pair open_pair(const Settings& settings) {
  settings.check();
  Pair pair;
  pair.original = load(settings.original.source, settings.original.load);
  pair.compressed = load(settings.compressed.source, settings.compressed.load);
  if (pair.compressed->info().backend != "TorchScript") {
    throw ConfigError(
        fmt::format("compressed: '{}' is a model of {}; only TorchScript models can be repaired",
                    settings.compressed.name(), pair.compressed->info().backend));
  }
  pair.engine = pair.compressed->info().engine;
  pair.compressed_bytes = read_file(settings.compressed.source.file);
  if (sha256_of(pair.compressed_bytes) != pair.compressed->info().sha256) {
    throw ModelError(fmt::format("model file '{}' changes while it is read; run again",
                                 settings.compressed.name()));
  }
  pair.training = load_all(settings.training, pair.original->input());
  if (pair.training.size() < 2) {
    throw ConfigError(
        "seeds: 1 image; expected at least 2: one to train on, and one that chooses the best "
        "round");
  }
  require_fit(pair);
  require_unseen(settings.unseen, pair.original->input(), pair.training);
  return pair;
}

std::string settings_fingerprint(const Settings& settings) {
  std::string text = settings.corpus;
  for (const SettingRow& row : settings_table()) {
    const bool counts = row.name.rfind("train.", 0) == 0 || row.name.rfind("kind.", 0) == 0;
    if (counts) text += "\n" + row.name + " " + row.get(settings);
  }
  for (const OptionRow& option : options_table()) {
    if (option.changes_findings) text += "\n" + option.name + " " + option.get(settings.search);
  }
  return text;
}

std::string repaired_file(const Settings& settings) {
  if (!settings.repaired.empty()) return settings.repaired;
  return (boost::filesystem::path(settings.out) / "repaired.pt").string();
}

}  // namespace dflare::repair
