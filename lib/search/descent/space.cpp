#include "search/descent/space.hpp"

namespace dflare {

std::unique_ptr<Space> make_space(Distance by, const Image& seed,
                                  const TransformationRanges& ranges) {
  switch (by) {
    case Distance::l_inf:
      return make_l_inf_space(seed);
    case Distance::strength:
      return make_strength_space(seed, ranges);
    case Distance::l2:
      break;
  }
  return make_l2_space(seed);
}

}  // namespace dflare
