#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <utility>

#include "dflare/deviation.hpp"
#include "dflare/error.hpp"
#include "dflare/examination.hpp"
#include "examination/answer_kind.hpp"
#include "examination/criterion_fits.hpp"
#include "examination/original_works.hpp"
#include "examination/sample.hpp"
#include "examination/steadiness.hpp"
#include "model/model_access.hpp"
#include "search/engine/evaluation.hpp"
#include "support/beside.hpp"

namespace dflare {
namespace {

/// What is found out about one of the models.
struct Examined {
  Scores scores;            ///< probabilities, a row an image
  std::vector<bool> known;  ///< whether they are finite
  AnswerKind kind;
  std::size_t evaluations = 0;
  bool all_alike = false;  ///< the same scores for all images
};

bool answers_all_alike(const Asked& asked) {
  const float width = width_of(asked);
  std::size_t first = 0;
  while (!asked.known[first]) ++first;
  for (std::size_t i = first; i < asked.known.size(); ++i) {
    // An answer may be flat, and still differ.
    if (asked.known[i] && !alike(asked, first, asked, i, std::min(width, 1e-3F))) return false;
  }
  return asked.count_known() > 1;
}

Examined examine_one(Model& model, const Sample& sample, const char* role) try {
  Examined found;
  Asked asked = ask(model, sample.images);
  found.all_alike = answers_all_alike(asked);
  try {
    found.kind = answer_kind(model, asked);
  } catch (const ModelError& error) {
    throw ModelError(model.info().name, error.what());
  }
  const Steadiness steady = steadiness(model, sample.images, asked);
  found.evaluations = sample.images.size() + steady.evaluations;
  model.settle(found.kind.output, found.kind.text, steady.depends_on_batch);
  if (steady.depends_on_batch) {
    // What it says of each image alone is what counts from now on.
    for (std::size_t i = 0; i < sample.images.size(); ++i) {
      if (!asked.known[i]) continue;
      const Asked alone = ask(model, {sample.images[i]});
      std::copy_n(alone.scores.row(0), alone.scores.classes(),
                  asked.scores.row(static_cast<int>(i)));
    }
    found.evaluations += sample.images.size();
  }
  ModelAccess::to_probabilities(model, asked.scores);
  found.scores = std::move(asked.scores);
  found.known = std::move(asked.known);
  return found;
} catch (const ModelError& error) {
  throw ModelError(error.model(), error.reason(), fmt::format("the {}, {}", role, error.what()));
} catch (const Error& error) {
  throw ModelError(fmt::format("the {}, {}", role, error.what()));
}

std::string all_alike_text(const Model& model, const char* role) {
  return fmt::format(
      "the {}, model '{}': gives the same scores to all images, black, white and noise among them, "
      "so that what it answers does not depend on its input: its weights may have been lost when "
      "it was made or exported, or what it is fed lies far outside what it was trained on",
      role, model.info().name);
}

std::pair<Examined, Examined> examine_both(Model& original, Model& compressed,
                                           const Sample& sample) {
  std::future<Examined> other;
  if (&original != &compressed) {
    // Side by side: they are two models.
    other = beside([&] { return examine_one(compressed, sample, "compressed model"); });
  }
  Examined of_original = examine_one(original, sample, "original");
  return {std::move(of_original),
          other.valid() ? other.get() : examine_one(compressed, sample, "compressed model")};
}

ScoreRow row_of(const Examined& examined, std::size_t i) {
  return {examined.scores.row(static_cast<int>(i)), examined.scores.classes()};
}

std::vector<int> labels_of(const Examined& examined, std::size_t count) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < count; ++i)
    labels.push_back(examined.known[i] ? top_label(row_of(examined, i)) : -1);
  return labels;
}

void require_labels_of_classes(const SeedSet& seeds, int classes) {
  std::size_t beyond = 0;
  std::string first;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const auto label = seeds.label(i);
    if (!label || (*label >= 0 && *label < classes)) continue;
    if (beyond++ == 0) first = fmt::format("'{}' is labelled {}", seeds.id(i), *label);
  }
  if (beyond == 0) return;
  throw SeedError(fmt::format(
      "{} of {} seed inputs have labels that the models have no class for: {}, and their classes "
      "are 0 to {}; give the labels that belong to these images and models",
      beyond, seeds.size(), first, classes - 1));
}

/// Of the first images, those that both models answer.
std::vector<Judged> judged(const Examined& original, const Examined& compressed,
                           const Sample& sample, std::size_t count) {
  std::vector<Judged> images;
  for (std::size_t i = 0; i < count; ++i) {
    if (!original.known[i] || !compressed.known[i]) continue;
    const std::optional<int> truth = i < sample.seeds() ? sample.labels[i] : std::nullopt;
    images.push_back({{row_of(original, i), row_of(compressed, i)}, truth});
  }
  return images;
}

/// Where there are enough seed inputs, they alone speak for the criterion, unless the original is
/// meant to be as it is on them.
std::size_t images_for_criterion(const Sample& sample, bool accepted) {
  return sample.seeds() >= enough_seeds && !accepted ? sample.seeds() : sample.images.size();
}

/// An original that may well be meant so.
void say(const std::string& suspicion, const Options& options, Examination& examination) {
  if (suspicion.empty()) return;
  if (!options.accept_original()) {
    throw ConfigError(suspicion +
                      "; if it is meant so, say accept_original: true (--dflare_accept_original)");
  }
  examination.remarks.push_back(suspicion + " (accept_original is set)");
}

bool same_file(const Model& a, const Model& b) {
  const ModelInfo &x = a.info(), &y = b.info();
  return !x.path.empty() && !x.sha256.empty() && x.sha256 == y.sha256 && x.backend == y.backend &&
         x.runtime == y.runtime && x.device == y.device && x.engine == y.engine &&
         a.input() == b.input();
}

bool same_scores(const Examined& a, const Examined& b) {
  for (int i = 0; i < a.scores.rows(); ++i) {
    if (!std::equal(a.scores.row(i), a.scores.row(i) + a.scores.classes(), b.scores.row(i)))
      return false;
  }
  return true;
}

void remark_on_model(const Model& model, const char* role, Examination& examination) {
  const ModelInfo& info = model.info();
  examination.lines.push_back(fmt::format("the {} answers {}", role, info.scores));
  const bool ordinary = info.scores == "logits" || info.scores == "probabilities" ||
                        info.scores == "log-probabilities";
  if (!ordinary) examination.remarks.push_back(examination.lines.back());
  if (info.one_by_one) {
    examination.remarks.push_back(fmt::format(
        "the {} answers an image differently beside other images (dynamic quantisation, batch "
        "statistics): its images are evaluated one by one",
        role));
  } else {
    examination.lines.push_back(fmt::format(
        "the {} answers alike when asked again, alone, among others and by a replica", role));
  }
}

std::string right_of(const char* role, std::size_t right, std::size_t labelled) {
  return fmt::format("the {} is right on {} of {}", role, right, labelled);
}

}  // namespace

Examination examine(Model& original, Model& compressed, const SeedSet& seeds,
                    const Options& options) {
  Examination examination;
  if (seeds.empty()) return examination;
  const Sample sample = sample_of(seeds, original.input());
  const auto [of_original, of_compressed] = examine_both(original, compressed, sample);
  require_same_classes(original.info(), of_original.scores.classes(), compressed.info(),
                       of_compressed.scores.classes());
  const int classes = of_original.scores.classes();
  require_labels_of_classes(seeds, classes);

  const Working works = working(labels_of(of_original, sample.seeds()), sample.labels);
  const Working after = working(labels_of(of_compressed, sample.seeds()), sample.labels);
  Suspicion suspicion = suspicion_of(original, sample, works, classes);
  if (!suspicion.helped && of_original.all_alike)
    suspicion.error = all_alike_text(original, "original");
  examination.images = sample.seeds();
  examination.evaluations =
      std::max(of_original.evaluations, of_compressed.evaluations) + suspicion.evaluations;
  examination.classes = classes;
  examination.classes_given = static_cast<int>(works.classes_given);
  examination.labelled = works.labelled;
  examination.original_right = works.right;
  examination.compressed_right = after.right;
  for (std::size_t i = 0; i < sample.seeds(); ++i) {
    if (!of_original.known[i] || !of_compressed.known[i]) continue;
    examination.agreed += deviation_regret({row_of(of_original, i), row_of(of_compressed, i)}) == 0;
  }

  std::vector<std::string>& lines = examination.lines;
  lines.push_back(
      fmt::format("looked at {} of {} seed inputs, black, white and noise: {} evaluations",
                  sample.seeds(), seeds.size(), examination.evaluations));
  remark_on_model(original, "original", examination);
  remark_on_model(compressed, "compressed model", examination);
  lines.push_back(fmt::format("the original gives {} of {} classes", works.classes_given, classes));
  if (works.labelled > 0) {
    lines.push_back(right_of("original", works.right, works.labelled) + ", " +
                    right_of("compressed model", after.right, after.labelled));
  } else {
    lines.push_back("no labels are known, so that it is not known whether the original is right");
  }
  lines.push_back(fmt::format("the models agree on {} of {}", examination.agreed, sample.seeds()));
  say(suspicion.error, options, examination);
  if (!suspicion.remark.empty()) examination.remarks.push_back(suspicion.remark);
  if (of_compressed.all_alike) throw ModelError(all_alike_text(compressed, "compressed model"));
  require_breakable(options.criterion(),
                    judged(of_original, of_compressed, sample,
                           images_for_criterion(sample, options.accept_original())));
  say(what_is_overlooked(options.criterion(),
                         judged(of_original, of_compressed, sample, sample.seeds()),
                         of_original.kind.output == Output::sigmoid),
      options, examination);
  if (same_file(original, compressed) && same_scores(of_original, of_compressed)) {
    examination.remarks.push_back(
        "both models are the same file under the same runtime: nothing can deviate");
  } else if (same_scores(of_original, of_compressed)) {
    examination.remarks.push_back(
        fmt::format("the two models give the same scores, to the last bit, to all of {} images",
                    sample.images.size()));
  }
  return examination;
}

}  // namespace dflare
