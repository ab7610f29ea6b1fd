#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/filesystem/operations.hpp>
#include <limits>

#include "dflare/corpus.hpp"
#include "dflare/error.hpp"
#include "finding/corpus_key.hpp"
#include "search/goal.hpp"
#include "support/image.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

struct Recorded {
  std::string folder;
  FindingRecord record;
};

/// What a corpus holds, the larger margin of duplicates alone.
std::vector<Recorded> without_duplicates(const std::string& corpus) {
  std::vector<Recorded> findings;
  std::map<std::string, std::size_t> places;
  for (const std::string& folder : corpus_folders(corpus)) {
    Recorded one{folder, read_finding((fs::path(folder) / finding_file).string())};
    const FindingRecord& r = one.record;
    const std::string key = corpus_key(r.seed_id, r.original_label, r.compressed_label, r.options);
    const auto [place, is_new] = places.emplace(key, findings.size());
    if (is_new) {
      findings.push_back(std::move(one));
    } else if (r.margin > findings[place->second].record.margin) {
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

void evaluate(const Recorded& recorded, Model& original, Model& compressed, const Options& options,
              const OptionTexts& texts, CorpusFinding& finding) {
  const auto not_valid = [&finding](std::string why) {
    finding.state = CorpusState::not_valid;
    finding.why = std::move(why);
  };
  const std::vector<std::string> others = other_requests(recorded.record.options, texts);
  if (!others.empty()) return not_valid(fmt::format("other {}", fmt::join(others, ", ")));
  const fs::path folder = recorded.folder;
  const Image seed = read_image((folder / seed_picture).string());
  const Image mutant = read_image((folder / mutant_picture).string());
  if (auto why = unfit(original, "original", mutant); !why.empty()) return not_valid(why);
  if (auto why = unfit(compressed, "compressed", mutant); !why.empty()) return not_valid(why);

  const std::vector<float> o = scores_of(original, mutant, recorded.folder);
  const std::vector<float> c = scores_of(compressed, mutant, recorded.folder);
  if (o.size() != c.size()) {
    throw ModelError(
        fmt::format("the models answer {} and {} classes; expected as many", o.size(), c.size()));
  }
  const Criteria& criterion = options.criterion();
  if (auto why = unfit(criterion, static_cast<int>(o.size())); !why.empty()) return not_valid(why);
  const Answer answer{{o.data(), static_cast<int>(o.size())},
                      {c.data(), static_cast<int>(c.size())}};
  finding.state = criterion.met(answer, recorded.record.true_label) ? CorpusState::deviates
                                                                    : CorpusState::fixed;
  finding.original_label = top_label(answer.original);
  finding.compressed_label = top_label(answer.compressed);
  finding.original_score = o[static_cast<std::size_t>(finding.original_label)];
  finding.compressed_score = c[static_cast<std::size_t>(finding.compressed_label)];
  finding.margin = deviation_margin(answer);
  finding.distances = distances(seed, mutant);
  finding.transformation = recorded.record.transformation;
  Seed as_seed;
  as_seed.id = finding.seed_id;
  as_seed.image = seed;
  const bool has_distance = options.closest_by() != Distance::strength || finding.transformation;
  finding.closeness = has_distance ? distance_by(options.closest_by(), as_seed, mutant,
                                                 finding.transformation, options.ranges())
                                   : std::numeric_limits<double>::infinity();
}

}  // namespace

std::vector<CorpusFinding> replay_corpus(
    const std::string& folder, Model& original, Model& compressed, const Options& options,
    const std::function<bool(const std::string& seed_id)>& wanted) {
  const OptionTexts texts = option_texts(options);
  std::vector<CorpusFinding> findings;
  for (const Recorded& recorded : without_duplicates(folder)) {
    if (options.stop().requested()) break;
    if (wanted && !wanted(recorded.record.seed_id)) continue;
    CorpusFinding finding;
    finding.folder = fs::absolute(recorded.folder).lexically_normal().string();
    finding.seed_id = recorded.record.seed_id;
    finding.as_it_is = recorded.record.as_it_is;
    finding.recorded_queries = recorded.record.queries;
    finding.recorded_margin = recorded.record.margin;
    evaluate(recorded, original, compressed, options, texts, finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace dflare
