#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "report/report.hpp"

namespace dflare::report {

/// The pictures of a page, each kept once.
class Pictures {
 public:
  /// Its number.
  std::size_t add(const std::string& png);
  const std::vector<std::string>& in_base64() const { return all_; }

 private:
  std::vector<std::string> all_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

/// What the page's script reads: pairs, repairs and findings, with links as seen from
/// `page_folder`. Reads the pictures and adds them to `pictures`. Throws FindingError where one is
/// missing or damaged.
nlohmann::ordered_json page_data(const Report& report, const std::string& page_folder,
                                 Pictures& pictures);

}  // namespace dflare::report
