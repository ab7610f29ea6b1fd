#include "data/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "data/corpus.hpp"
#include "data/search_stage.hpp"
#include "dflare/error.hpp"
#include "setup/output_folder.hpp"

namespace dflare::repair {
namespace {

TrainingFinding of(Deviation& deviation) {
  return {std::move(deviation.mutant), deviation.seed.label, deviation.regret};
}

/// Of the models as they are read now: findings of older versions say no regret.
double regret_of(const RecordedFinding& finding, const OpenPair& pair, const std::string& corpus) {
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

Findings search_training_seeds(const RepairContext& context, const OpenPair& pair,
                               const Split& split) {
  const Settings& settings = context.settings;
  FindingWriter writer(in_output(settings, output_name::findings), *pair.original, *pair.compressed,
                       settings.training, settings.search);
  std::vector<Deviation> found;
  const SearchStage stage{"searching the training seeds",
                          context.on_stage,
                          context.stop,
                          settings.workers,
                          &writer,
                          &found};
  stage.run(*pair.original, *pair.compressed, settings.training, settings.search);
  Findings findings;
  for (Deviation& one : found)
    (split.validates.at(one.position) ? findings.validation : findings.training).push_back(of(one));
  return findings;
}

Findings read_findings(const Settings& settings, const OpenPair& pair, const Split& split) {
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

}  // namespace

Findings find(const RepairContext& context, const OpenPair& pair, const Split& split) {
  return context.settings.corpus.empty() ? search_training_seeds(context, pair, split)
                                         : read_findings(context.settings, pair, split);
}

std::vector<TrainingFinding> search_again(const RepairContext& context, const OpenPair& pair,
                                          const Split& split, Model& model, int round) {
  std::vector<Deviation> found;
  const SearchStage stage{fmt::format("searching again, after round {}", round),
                          context.on_stage,
                          context.stop,
                          context.settings.workers,
                          nullptr,
                          &found};
  stage.run(*pair.original, model, context.settings.training, context.settings.search);
  std::vector<TrainingFinding> findings;
  for (Deviation& one : found) {
    if (!split.validates.at(one.position)) findings.push_back(of(one));
  }
  return findings;
}

}  // namespace dflare::repair
