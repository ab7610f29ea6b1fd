#include "model/process/expanded_words.hpp"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <cstddef>

namespace dflare {
namespace {

constexpr std::size_t shortest_secret = 6;  // "1" or "cpu" would garble the text

}  // namespace

std::string with_variables_as_written(std::string printed, const Command& command) {
  for (std::size_t i = 0; i < std::min(command.words.size(), command.written.size()); ++i) {
    const std::string &word = command.words[i], &written = command.written[i];
    const std::size_t variable = written.find("${"), end = written.rfind('}');
    if (variable == std::string::npos || end == std::string::npos) continue;
    const std::size_t around = variable + (written.size() - end - 1);
    if (word.size() < around + shortest_secret) continue;
    boost::algorithm::replace_all(printed, word.substr(variable, word.size() - around),
                                  written.substr(variable, end + 1 - variable));
  }
  return printed;
}

}  // namespace dflare
