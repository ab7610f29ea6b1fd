#include <fmt/format.h>

#include "retest/retest.hpp"

namespace dflare::repair {
namespace {

constexpr double rounding = 1e-12;  // of the difference of two shares

double agreement_of(const Measured& model) {
  if (model.agreement_images == 0) return 0;
  return static_cast<double>(model.agreements) / static_cast<double>(model.agreement_images);
}

void judge_repaired(const char* name, const char* which, const std::optional<Repaired>& repaired,
                    double least, std::vector<Gate>& gates) {
  if (!repaired || repaired->inputs == 0) {
    if (least <= 0) return;
    gates.push_back({name,
                     fmt::format("no {} unseen triggering input to judge the repair by; at least "
                                 "{:.1f} % were to be repaired. Give more unseen seeds or retest "
                                 "queries, or set the gate to 0",
                                 which, 100 * least),
                     false});
    return;
  }
  gates.push_back({name,
                   fmt::format("{:.1f} % of the {} unseen triggering inputs repaired; at least "
                               "{:.1f} %",
                               100 * repaired->share(), which, 100 * least),
                   repaired->share() >= least});
}

/// `share` of the figure before is the most that it may be now.
void judge_worst(const char* what, double share, double before, double now,
                 std::vector<Gate>& gates) {
  const double most = share * before;
  gates.push_back({fmt::format("max_worst_{}", what),
                   fmt::format("mean worst {} of a fresh search {:.4f}; at most {:.4f}, {} of that "
                               "before",
                               what, now, most, share),
                   now <= most});
}

}  // namespace

std::vector<Gate> judge(const Gates& gates, const Measured& before, const Measured& repaired,
                        const std::string& kind_kept) {
  std::vector<Gate> judged;
  judged.push_back({"kind",
                    kind_kept.empty() ? "the compression is what it was"
                                      : "the compression is not what it was: " + kind_kept,
                    kind_kept.empty()});
  judge_repaired("min_repaired", "worst", repaired.worst, gates.min_repaired, judged);
  judge_repaired("min_repaired_first", "first", repaired.first, gates.min_repaired_first, judged);
  if (before.accuracy && repaired.accuracy) {
    const double drop = *before.accuracy - *repaired.accuracy;
    judged.push_back({"max_accuracy_drop",
                      fmt::format("accuracy {:.2f} %, before {:.2f} %; at most {:.2f} points lower",
                                  100 * *repaired.accuracy, 100 * *before.accuracy,
                                  100 * gates.max_accuracy_drop),
                      drop <= gates.max_accuracy_drop + rounding});
  }
  if (repaired.agreement_images > 0) {
    const double least = gates.min_agreement.value_or(agreement_of(before));
    judged.push_back(
        {"min_agreement",
         fmt::format("labels agree with the original's on {:.2f} % of the {}; at least {:.2f} %{}",
                     100 * agreement_of(repaired),
                     repaired.agreement_on_test_set ? "test set" : "unseen seeds", 100 * least,
                     gates.min_agreement ? "" : ", as before"),
         agreement_of(repaired) >= least});
  }
  if (before.worst_search && repaired.worst_search) {
    judge_worst("regret", gates.max_worst_regret, before.worst_search->mean_worst_regret,
                repaired.worst_search->mean_worst_regret, judged);
    if (gates.max_worst_margin) {
      judge_worst("margin", *gates.max_worst_margin, before.worst_search->mean_worst_margin,
                  repaired.worst_search->mean_worst_margin, judged);
    }
  }
  return judged;
}

}  // namespace dflare::repair
