#include "report/remarks.hpp"

#include <fmt/format.h>

namespace dflare::repair {

std::vector<std::string> remarks_on(const Result& result) {
  std::vector<std::string> remarks;
  const double before = result.rounds.front().validation;
  const double best = result.rounds.at(static_cast<std::size_t>(result.best_round)).validation;
  constexpr double hardly = 0.5, few = 0.75;
  if (result.best_round == 0) {
    remarks.emplace_back(
        "No round made the validation loss smaller: the model is as it was. Try a lower "
        "train.learning_rate, or more steps.");
  } else if (best > hardly * before && result.repaired.worst &&
             result.repaired.worst->share() < few) {
    remarks.push_back(fmt::format(
        "Training took the validation loss from {:.4g} to {:.4g} only: the compressed model "
        "seems to lack the capacity to follow the original. A larger compressed model will repair "
        "more than longer training.",
        before, best));
  }
  return remarks;
}

}  // namespace dflare::repair
