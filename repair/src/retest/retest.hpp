#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/repair.hpp"
#include "dflare/search.hpp"

namespace dflare::repair {

/// The triggering inputs of the unseen seeds on the pair as it was, which a repair is judged by.
struct UnseenInputs {
  std::vector<Deviation> first, worst;  ///< in the order of the seeds
};

/// A model to measure.
struct Candidate {
  std::string name;  ///< "before", "repaired", "control"
  Model* model = nullptr;
  Facts facts;  ///< copied into Measured
};

/// Searches the unseen seeds on the pair as it was, and fills `before`: searches, agreement,
/// accuracy. Where `findings` is not empty, the worst ones are written there as a folder of
/// findings (FindingWriter). `stage` names what is being done.
UnseenInputs measure_before(Model& original, const Candidate& before, const Settings& settings,
                            Measured& measured, const std::string& findings,
                            const OnStage& on_stage, const StopSignal& stop);

/// The same searches on another candidate, and on how many of the inputs it now says nothing else
/// than the original, each evaluated alone. Throws Interrupted.
Measured measure(Model& original, const Candidate& candidate, const UnseenInputs& inputs,
                 const Settings& settings, const OnStage& on_stage, const StopSignal& stop);

/// A model's accuracy on the test set where that has labels. `workers` 0: one a core.
std::optional<double> accuracy_of(Model& model, const SeedSet& test, int workers = 0);

/// Exact two-sided McNemar test (Psychometrika 12, 1947): the probability of a difference at least
/// as large between two treatments of the same inputs, were they alike.
double mcnemar(const std::vector<bool>& a, const std::vector<bool>& b);

/// How many are true in `a` and not in `b`, place by place.
int true_alone(const std::vector<bool>& a, const std::vector<bool>& b);

/// Judges the gates. `kind_kept` empty: the compression is what it was; else what is not.
std::vector<Gate> judge(const Gates& gates, const Measured& before, const Measured& repaired,
                        const std::string& kind_kept);

}  // namespace dflare::repair
