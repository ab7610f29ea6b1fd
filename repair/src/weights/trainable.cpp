#include "weights/trainable.hpp"

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"
#include "weights/corrector.hpp"
#include "weights/weight_training.hpp"

namespace dflare::repair {

std::unique_ptr<Trainable> open_trainable(const std::string& bytes, const Kind& kind,
                                          BatchNorm batch_norm, const std::string& engine,
                                          int classes, Output output, std::uint64_t rng_seed) {
  if (kind.approach == Approach::corrector)
    return make_corrector(bytes, output, classes, engine, rng_seed);
  try {
    return open_weights(bytes, kind, batch_norm, engine);
  } catch (const ModelError& why) {
    // What is to be kept is kept by training weights alone.
    const bool forced = kind.zeros == Keep::always || kind.grid == Keep::always;
    if (kind.approach == Approach::weights || forced) throw;
    return make_corrector(bytes, output, classes, engine, rng_seed, why.what());
  }
}

}  // namespace dflare::repair
