#include "training/train.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

#include "setup/output_folder.hpp"
#include "support/hash.hpp"
#include "support/version.hpp"
#include "training/training_run.hpp"

namespace dflare::repair {
namespace {

std::string fingerprint(const Settings& settings, const OpenPair& pair,
                        const std::vector<TrainingFinding>& findings) {
  std::string text = fmt::format("{} {} {} {} {}\n", version(), pair.original->info().sha256,
                                 pair.compressed->info().sha256, pair.original->info().runtime,
                                 settings_fingerprint(settings));
  for (const Seed& seed : pair.training) text += key_of(seed.image);
  if (!settings.corpus.empty()) {
    for (const TrainingFinding& finding : findings) text += key_of(finding.mutant);
  }
  return sha256_of(text);
}

/// Those of the first round; later ones came after them.
Findings first_findings(const State& state) {
  const auto first = state.findings.begin();
  const auto count = static_cast<std::ptrdiff_t>(state.rounds.front().findings);
  return {{first, first + count}, state.validation_findings};
}

/// Adds what the model of the last round gives; how many there are.
std::size_t add_new_findings(const RepairContext& context, const OpenPair& pair, const Split& split,
                             TrainingRun& run, State& state) {
  const int round = state.rounds.back().number;
  if (round == 0) return 0;
  const auto model = load_like_compressed(context.settings, pair, run.file(state.repair_now),
                                          "the model of the last round");
  std::vector<TrainingFinding> more = search_again(context, pair, split, *model, round);
  std::move(more.begin(), more.end(), std::back_inserter(state.findings));
  return more.size();
}

}  // namespace

TrainingStart start_training(const RepairContext& context, const OpenPair& pair,
                             const Split& split) {
  const Settings& settings = context.settings;
  TrainingStart start;
  // A corpus is read for the fingerprint as well.
  if (!settings.resume || !settings.corpus.empty()) start.findings = find(context, pair, split);
  start.fingerprint = fingerprint(settings, pair, start.findings.training);
  if (settings.resume) {
    start.resumed = load_state(in_output(settings, output_name::state), start.fingerprint);
    start.findings = first_findings(*start.resumed);
  }
  return start;
}

Trained train(const RepairContext& context, const OpenPair& pair, const Split& split,
              TrainingStart start) {
  const Settings& settings = context.settings;
  const bool nothing_found = start.findings.empty();
  TrainingRun run(context, pair, split, start.findings.validation);
  State state = start.resumed ? std::move(*start.resumed) : run.start(std::move(start.findings));
  while (!nothing_found && !state.finished && state.rounds.back().number < settings.train.rounds) {
    const std::size_t new_findings = add_new_findings(context, pair, split, run, state);
    run.go_on(state);
    state.rounds.back().new_findings = new_findings;
    save_state(in_output(settings, output_name::state), start.fingerprint, state);
  }
  Trained trained;
  trained.recognised = run.recognised();
  trained.approach = run.approach();
  trained.rounds = state.rounds;
  trained.best_round = state.best_round;
  trained.control_best_round = state.control_best_round;
  trained.learning_rate = state.learning_rate;
  if (nothing_found) return trained;
  trained.repaired = run.file(state.repair_best);
  trained.control = run.file(state.control_best_weights);
  return trained;
}

}  // namespace dflare::repair
