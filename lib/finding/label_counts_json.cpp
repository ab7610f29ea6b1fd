#include "finding/label_counts_json.hpp"

namespace dflare {

nlohmann::ordered_json seeds_as_they_are_json(const Summary& s) {
  return {{"evaluated", s.evaluated},
          {"agreed", s.agreed},
          {"labelled", s.labelled},
          {"original_right", s.original_right},
          {"compressed_right", s.compressed_right}};
}

nlohmann::ordered_json deviations_json(const Summary& s) {
  return {{"labelled", s.deviations_labelled},
          {"original_right", s.deviations_original_right},
          {"compressed_right", s.deviations_compressed_right},
          {"neither_right", s.deviations_neither_right}};
}

}  // namespace dflare
