#include "report/report.hpp"

namespace dflare::report {

Labels& Labels::operator+=(const Labels& other) {
  evaluated += other.evaluated;
  agreed += other.agreed;
  labelled += other.labelled;
  original_right += other.original_right;
  compressed_right += other.compressed_right;
  deviations += other.deviations;
  deviations_original_right += other.deviations_original_right;
  deviations_compressed_right += other.deviations_compressed_right;
  deviations_neither_right += other.deviations_neither_right;
  return *this;
}

std::size_t Report::finding_count() const {
  std::size_t count = 0;
  for (const Pair& pair : pairs) count += pair.findings.size();
  return count;
}

}  // namespace dflare::report
