#include "examination/original_works.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <set>

#include "dflare/deviation.hpp"
#include "dflare/error.hpp"
#include "examination/asking.hpp"
#include "examination/chance.hpp"
#include "examination/feedings.hpp"
#include "model/model_access.hpp"

namespace dflare {
namespace {

constexpr std::size_t kFewestLabels = 3;   // of which it may not be wrong on all in silence
constexpr std::size_t kImagesATrial = 12;  // of another feeding

/// The first seed inputs whose answers are known, and how the original does on them.
struct Part {
  Sample sample;
  Working now;
};

Part part_of(const Sample& sample, const Working& now) {
  Part part;
  std::vector<int> labels;
  for (std::size_t i = 0; i < sample.seeds() && labels.size() < kImagesATrial; ++i) {
    if (now.labels[i] < 0) continue;
    part.sample.images.push_back(sample.images[i]);
    part.sample.labels.push_back(sample.labels[i]);
    labels.push_back(now.labels[i]);
  }
  part.now = working(std::move(labels), part.sample.labels);
  return part;
}

/// A copy that is fed so. One in a process of its own is started anew: it feeds itself, as it was
/// told at its start.
std::shared_ptr<Model> fed(const Model& original, const InputSpec& input) {
  const ModelInfo& info = original.info();
  if (!info.isolated) {
    const auto replica = original.replicate();
    ModelAccess::feed(*replica, input);
    return replica;
  }
  LoadOptions options;
  options.input = input;
  options.device = info.device;
  options.engine = info.engine;
  options.isolate = true;
  options.sandbox = info.sandboxed;
  options.limits = info.limits;
  return load(info.path, options);
}

Working fed_otherwise(const Model& original, const Sample& sample, const Feeding& feeding) {
  std::vector<Image> images = sample.images;
  if (feeding.swapped) {
    for (Image& image : images) {
      const Image rgb = image;
      image = Image();
      cv::cvtColor(rgb, image, cv::COLOR_RGB2BGR);
    }
  }
  const auto replica = fed(original, feeding.input);
  Asked asked = ask(*replica, images);
  ModelAccess::to_probabilities(*replica, asked.scores);
  return working(labels_of(asked, images.size()), sample.labels);
}

/// Right answers count; where no labels are known, how many classes are given.
std::size_t merit(const Working& working) {
  return working.labelled > 0 ? working.right : working.classes_given;
}

/// The other feeding under which the original does clearly better, in words; empty for none.
std::string what_helps(const Model& original, const Sample& sample, const Working& now,
                       std::size_t& evaluations) {
  const Part part = part_of(sample, now);
  const std::size_t clearly = std::max<std::size_t>(2, part.now.known / 4);
  std::string best_text;
  Working best = part.now;
  for (const Feeding& feeding :
       other_feedings(original.input(), part.sample.images.front().channels())) {
    Working then;
    try {
      then = fed_otherwise(original, part.sample, feeding);
    } catch (const Error&) {
      continue;  // It cannot be fed so.
    }
    evaluations += part.sample.images.size();
    if (merit(then) <= merit(best)) continue;
    best = then;
    best_text = feeding.text;
  }
  if (merit(best) < merit(part.now) + clearly) return "";
  std::string does = fmt::format("gives {} classes", best.classes_given);
  if (best.labelled > 0)
    does += fmt::format(" and is right on {} of {}", best.right, best.labelled);
  return fmt::format("with {} it {}", best_text, does);
}

/// Of the wrong answers, so many are right for labels that are all moved by one.
struct Shift {
  int by = 0;
  std::size_t explained = 0;
};

Shift best_shift(const Sample& sample, const Working& now, int classes) {
  Shift best;
  for (const int by : {-1, 1}) {
    std::size_t explained = 0;
    for (std::size_t i = 0; i < sample.seeds(); ++i) {
      const auto& truth = sample.labels[i];
      if (now.labels[i] < 0 || !truth || now.labels[i] == *truth) continue;
      explained += now.labels[i] == (*truth + by + classes) % classes;
    }
    if (explained > best.explained) best = {by, explained};
  }
  return best;
}

/// Of an original that gives one class.
int only_label(const Working& now) {
  return *std::max_element(now.labels.begin(), now.labels.end());
}

Suspicion of_labels(const Model& original, const Sample& sample, const Working& now, int classes) {
  constexpr double kGood = 0.75, kMost = 0.7;
  Suspicion suspicion;
  const std::size_t wrong = now.labelled - now.right;
  if (static_cast<double>(now.right) >= kGood * static_cast<double>(now.labelled)) return suspicion;
  const std::string who =
      now.classes_given == 1
          ? fmt::format(
                "the original gives all {} seed inputs that were looked at one class, {}, and",
                now.known, only_label(now))
          : "of the seed inputs that were looked at the original";
  const std::string seen = fmt::format("{} is right on {} of {}", who, now.right, now.labelled);
  const Shift shift = best_shift(sample, now, classes);
  // Two classes are moved into one another by one, which is no more than being wrong.
  if (classes > 2 && shift.explained > now.right &&
      static_cast<double>(shift.explained) >= kMost * static_cast<double>(wrong)) {
    suspicion.error = fmt::format(
        "{}, and on {} of the {} others it would be with labels that are {} by one: the labels are "
        "moved; is there a class folder too many or too few, or does the model count a background "
        "class?",
        seen, shift.explained, wrong, shift.by > 0 ? "higher" : "lower");
    suspicion.helped = true;
    return suspicion;
  }
  const std::string helps = what_helps(original, sample, now, suspicion.evaluations);
  suspicion.helped = !helps.empty();
  if (suspicion.helped) {
    suspicion.error = fmt::format("{}, as it is fed now; {}: correct its input", seen, helps);
  } else if (no_more_than_chance(now.right, now.labelled, classes)) {
    suspicion.error = fmt::format(
        "{}, which is what chance gives with {} classes{}: check the input specification (size, "
        "range, mean, std, layout), the labels and the model",
        seen, classes, suspicion.evaluations > 0 ? ", and no other usual feeding helps" : "");
  }
  return suspicion;
}

Suspicion of_classes(const Model& original, const Sample& sample, const Working& now, int classes) {
  Suspicion suspicion;
  if (now.classes_given != 1) return suspicion;
  const std::string seen = fmt::format(
      "the original gives all {} seed inputs that were looked at "
      "one class, {}",
      now.known, only_label(now));
  if (classes == 2) {
    suspicion.remark = seen;
    return suspicion;
  }
  const std::string helps = what_helps(original, sample, now, suspicion.evaluations);
  suspicion.helped = !helps.empty();
  suspicion.error =
      helps.empty()
          ? seen + ": check its input specification (size, range, mean, std, layout) and the model"
          : fmt::format("{}, as it is fed now; {}: correct its input", seen, helps);
  return suspicion;
}

}  // namespace

Working working(std::vector<int> labels, const std::vector<std::optional<int>>& true_labels) {
  Working working;
  std::set<int> given;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    ++working.known;
    given.insert(labels[i]);
    if (!true_labels[i]) continue;
    ++working.labelled;
    working.right += labels[i] == *true_labels[i];
  }
  working.labels = std::move(labels);
  working.classes_given = given.size();
  return working;
}

Suspicion suspicion_of(const Model& original, const Sample& sample, const Working& now,
                       int classes) {
  if (now.labelled >= enough_seeds) return of_labels(original, sample, now, classes);
  if (now.known >= enough_seeds) return of_classes(original, sample, now, classes);
  Suspicion suspicion;
  if (now.labelled >= kFewestLabels && now.right == 0) {
    suspicion.remark = fmt::format(
        "the original is right on none of {} seed inputs; give more to find out why", now.labelled);
  }
  return suspicion;
}

}  // namespace dflare
