#include "weights/approach.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "dflare/error.hpp"
#include "weights/corrector.hpp"
#include "weights/kept/kept.hpp"
#include "weights/weight_training.hpp"

namespace dflare::repair {
namespace {

/// In the order in which they are tried.
constexpr std::array approaches = {&weight_training, &score_correction};

}  // namespace

const TrainingApproach& approach_of(Approach name) {
  const auto found =
      std::find_if(approaches.begin(), approaches.end(),
                   [name](const TrainingApproach* approach) { return approach->name == name; });
  if (found == approaches.end()) throw ConfigError("kind.approach: there is no such approach");
  return **found;
}

std::unique_ptr<Trainable> open_trainable(const TrainableFile& file) {
  if (file.kind.approach != Approach::automatic)
    return approach_of(file.kind.approach).open(file, "");
  const bool must_keep = anything_must_stay(file.kind);
  std::string why;
  std::exception_ptr failure;
  for (const TrainingApproach* approach : approaches) {
    if (must_keep && !approach->can_keep) continue;
    try {
      return approach->open(file, why);
    } catch (const ModelError& error) {
      why = error.what();
      failure = std::current_exception();
    }
  }
  std::rethrow_exception(failure);
}

}  // namespace dflare::repair
