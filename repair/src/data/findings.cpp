#include "data/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "data/corpus.hpp"
#include "data/search_stage.hpp"
#include "dflare/error.hpp"
#include "dflare/random.hpp"

namespace dflare::repair {
namespace {

TrainingFinding of(Deviation& deviation) {
  return {std::move(deviation.mutant), deviation.seed.label, deviation.regret};
}

/// Of the models as they are read now: findings of older versions say no regret.
double regret_of(const RecordedFinding& finding, const Pair& pair, const std::string& corpus) {
  const Scores o = pair.original->predict(finding.mutant);
  const Scores c = pair.compressed->predict(finding.mutant);
  if (!o.finite(0) || !c.finite(0)) {
    throw ModelError(fmt::format(
        "corpus '{}': a model answers NaN or infinity to the mutant of seed input '{}'; take the "
        "finding out, or repair the model",
        corpus, finding.seed_id));
  }
  return deviation_regret({{o.row(0), o.classes()}, {c.row(0), c.classes()}});
}

}  // namespace

Split split_of(const std::vector<Seed>& seeds, const Training& training) {
  const std::size_t all = seeds.size();
  const auto share = static_cast<std::size_t>(training.validation * static_cast<double>(all) + 0.5);
  const std::size_t count = std::min(std::max<std::size_t>(1, share), all - 1);
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < all; ++i)
    order.emplace_back(stream_key(training.rng_seed, "split " + seeds[i].id), i);
  std::sort(order.begin(), order.end());
  Split split;
  split.validates.assign(all, false);
  for (std::size_t i = 0; i < count; ++i) split.validates[order[i].second] = true;
  for (std::size_t i = 0; i < all; ++i)
    (split.validates[i] ? split.validation : split.training)
        .push_back({seeds[i].image, seeds[i].label});
  return split;
}

Findings search_training_seeds(const Settings& settings, const Pair& pair, const Split& split,
                               const std::string& folder, const OnStage& on_stage,
                               const StopSignal& stop) {
  FindingWriter writer(folder, *pair.original, *pair.compressed, settings.training,
                       settings.search);
  std::vector<Deviation> found;
  const SearchStage stage{
      "searching the training seeds", on_stage, stop, settings.workers, &writer, &found};
  stage.run(*pair.original, *pair.compressed, settings.training, settings.search);
  Findings findings;
  for (Deviation& one : found)
    (split.validates.at(one.position) ? findings.validation : findings.training).push_back(of(one));
  return findings;
}

Findings read_findings(const Settings& settings, const Pair& pair, const Split& split) {
  // By image: in the corpus' seed set, it may have had another id.
  std::set<std::string> validating, unseen;
  for (std::size_t i = 0; i < pair.training.size(); ++i) {
    if (split.validates[i]) validating.insert(key_of(pair.training[i].image));
  }
  const InputSpec& input = pair.original->input();
  for (std::size_t i = 0; i < settings.unseen.size(); ++i)
    unseen.insert(key_of(input.fit(settings.unseen.load(i).image)));
  Findings findings;
  for (const RecordedFinding& one :
       read_corpus(settings.corpus, pair.original->info(), pair.compressed->info())) {
    const std::string key = key_of(input.fit(one.seed));
    if (unseen.count(key) > 0) {
      throw ConfigError(fmt::format(
          "corpus '{}': the finding of seed input '{}' was made from an image of unseen; a "
          "re-test on it would say nothing. Give a corpus of other images",
          settings.corpus, one.seed_id));
    }
    (validating.count(key) > 0 ? findings.validation : findings.training)
        .push_back({one.mutant, one.label, regret_of(one, pair, settings.corpus)});
  }
  return findings;
}

std::vector<TrainingFinding> search_again(const Settings& settings, const Pair& pair,
                                          const Split& split, Model& model, int round,
                                          const OnStage& on_stage, const StopSignal& stop) {
  std::vector<Deviation> found;
  const SearchStage stage{fmt::format("searching again, after round {}", round),
                          on_stage,
                          stop,
                          settings.workers,
                          nullptr,
                          &found};
  stage.run(*pair.original, model, settings.training, settings.search);
  std::vector<TrainingFinding> findings;
  for (Deviation& one : found) {
    if (!split.validates.at(one.position)) findings.push_back(of(one));
  }
  return findings;
}

}  // namespace dflare::repair
