#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/filesystem/operations.hpp>
#include <limits>
#include <optional>

#include "dflare/corpus.hpp"
#include "dflare/error.hpp"
#include "finding/corpus/corpus_key.hpp"
#include "finding/finding_folder.hpp"
#include "finding/pictures.hpp"
#include "judging/goal.hpp"
#include "support/folder_lock.hpp"
#include "support/image.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

/// What is kept of a finding while a corpus is replayed: its scores and history are large.
struct Recorded {
  explicit Recorded(const Finding& finding)
      : figures(finding),
        options(finding.options),
        key(corpus_key(finding)),
        bad(badness(finding)) {}

  FindingFigures figures;
  OptionTexts options;
  std::string key;
  double bad;
};

/// What a corpus holds, the worst of duplicates alone. Under a lock, so that of a finding that is
/// being replaced the old or the new one is seen, never neither.
std::vector<Recorded> without_duplicates(const std::string& corpus) {
  const FolderLock lock(corpus, FolderLock::Kind::shared);
  std::vector<Recorded> findings;
  std::map<std::string, std::size_t> places;
  for (const std::string& folder : corpus_folders(corpus)) {
    const std::optional<Finding> finding = finding_in(folder);
    if (!finding) continue;
    Recorded one(*finding);
    const auto [place, is_new] = places.emplace(one.key, findings.size());
    if (is_new) {
      findings.push_back(std::move(one));
    } else if (one.bad > findings[place->second].bad) {
      findings[place->second] = std::move(one);
    }
  }
  return findings;
}

/// Why a model cannot take the image; empty where it can.
std::string unfit(const Model& model, const char* which, const Image& image) {
  try {
    model.input().fit(image);
    return "";
  } catch (const Error& error) {
    return fmt::format("the {} model cannot take its image: {}", which, error.what());
  }
}

std::string unfit(const Criteria& criterion, int classes) {
  try {
    criterion.check_classes(classes);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

std::vector<float> scores_of(Model& model, const Image& image, const std::string& folder) {
  const Scores scores = model.predict(image);
  if (!scores.finite(0)) {
    throw ModelError(fmt::format(
        "'{}' answers a score that is not finite (NaN or infinity) for the mutant of '{}'",
        model.info().name, folder));
  }
  return {scores.row(0), scores.row(0) + scores.classes()};
}

/// What took the place of a finding that was replaced after it was listed.
std::optional<Recorded> successor(const std::string& corpus, const Recorded& replaced) {
  for (Recorded& recorded : without_duplicates(corpus)) {
    if (recorded.key == replaced.key) return std::move(recorded);
  }
  return std::nullopt;
}

struct Pictures {
  Image seed, mutant;
};

/// Of the finding, or of what took its place, which `recorded` becomes; none where it was removed.
std::optional<Pictures> read_pictures(const std::string& corpus, Recorded& recorded) {
  for (;;) {
    const std::string& folder = recorded.figures.folder;
    try {
      return Pictures{read_image(picture_in(folder, seed_picture)),
                      read_image(picture_in(folder, mutant_picture))};
    } catch (const Error&) {
      if (is_finding_folder(folder)) throw;
    }
    std::optional<Recorded> next = successor(corpus, recorded);
    if (!next) return std::nullopt;
    recorded = std::move(*next);
  }
}

void evaluate(const Recorded& recorded, const Pictures& pictures, Model& original,
              Model& compressed, const Options& options, const OptionTexts& texts,
              CorpusFinding& finding) {
  const auto not_valid = [&finding](std::string why) {
    finding.state = CorpusState::not_valid;
    finding.why = std::move(why);
  };
  const std::vector<std::string> others = other_requests(recorded.options, texts);
  if (!others.empty()) return not_valid(fmt::format("other {}", fmt::join(others, ", ")));
  const Image& seed = pictures.seed;
  const Image& mutant = pictures.mutant;
  if (auto why = unfit(original, "original", mutant); !why.empty()) return not_valid(why);
  if (auto why = unfit(compressed, "compressed", mutant); !why.empty()) return not_valid(why);

  const FindingFigures& figures = recorded.figures;
  const std::vector<float> o = scores_of(original, mutant, figures.folder);
  const std::vector<float> c = scores_of(compressed, mutant, figures.folder);
  if (o.size() != c.size()) {
    throw ModelError(
        fmt::format("the models answer {} and {} classes; expected as many", o.size(), c.size()));
  }
  const Criteria& criterion = options.criterion();
  if (auto why = unfit(criterion, static_cast<int>(o.size())); !why.empty()) return not_valid(why);
  const Answer answer{{o.data(), static_cast<int>(o.size())},
                      {c.data(), static_cast<int>(c.size())}};
  finding.state =
      criterion.fixed(answer, figures.true_label) ? CorpusState::fixed : CorpusState::deviates;
  static_cast<Measurement&>(finding) = measurement_of(answer);
  finding.distances = distances(seed, mutant);
  Seed as_seed;
  as_seed.id = figures.seed_id;
  as_seed.image = seed;
  const bool has_distance = options.closest_by() != Distance::strength || figures.transformation;
  finding.closeness = has_distance ? distance_by(options.closest_by(), as_seed, mutant,
                                                 figures.transformation, options.ranges())
                                   : std::numeric_limits<double>::infinity();
}

}  // namespace

std::vector<CorpusFinding> replay_corpus(
    const std::string& folder, Model& original, Model& compressed, const Options& options,
    const std::function<bool(const std::string& seed_id)>& wanted) {
  const OptionTexts texts = option_texts(options);
  std::vector<CorpusFinding> findings;
  for (Recorded& recorded : without_duplicates(folder)) {
    if (options.stop().requested()) break;
    if (wanted && !wanted(recorded.figures.seed_id)) continue;
    const std::optional<Pictures> pictures = read_pictures(folder, recorded);
    if (!pictures) continue;
    CorpusFinding finding;
    finding.recorded = recorded.figures;
    finding.recorded.folder = fs::absolute(recorded.figures.folder).lexically_normal().string();
    evaluate(recorded, *pictures, original, compressed, options, texts, finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace dflare
