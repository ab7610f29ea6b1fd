#include "run/judge.hpp"

#include <algorithm>

#include "report/remarks.hpp"
#include "weights/approach.hpp"

namespace dflare::repair {
namespace {

Result of_training(const Settings& settings, const OpenPair& pair, const Trained& trained) {
  Result result;
  result.recognised = trained.recognised;
  result.rounds = trained.rounds;
  result.best_round = trained.best_round;
  result.control_best_round = trained.control_best_round;
  result.learning_rate = trained.learning_rate;
  result.training_seeds = settings.training.size();
  result.unseen_seeds = settings.unseen.size();
  result.remarks = pair.remarks;
  return result;
}

Verdict verdict_of(const std::vector<Gate>& gates) {
  const bool met =
      std::all_of(gates.begin(), gates.end(), [](const Gate& gate) { return gate.met; });
  return met ? Verdict::repaired : Verdict::gates_not_met;
}

}  // namespace

Result nothing_found(const Settings& settings, const OpenPair& pair, const Trained& trained) {
  Result result = of_training(settings, pair, trained);
  result.verdict = Verdict::nothing_found;
  return result;
}

Result judge(const Settings& settings, const OpenPair& pair, const Trained& trained,
             const Retested& retested) {
  const TrainingApproach& approach = approach_of(trained.approach);
  Result result = of_training(settings, pair, trained);
  result.before = retested.before;
  result.repaired = retested.repaired;
  result.control = retested.control;
  result.original_accuracy = retested.original_accuracy;
  result.gates =
      judge(settings.gates, retested.before, retested.repaired,
            approach.lost(pair.compressed_bytes, trained.repaired, settings.kind, pair.engine));
  result.verdict = verdict_of(result.gates);
  for (std::string& remark : remarks_on(result)) result.remarks.push_back(std::move(remark));
  if (approach.remark[0] != '\0') result.remarks.emplace_back(approach.remark);
  return result;
}

}  // namespace dflare::repair
