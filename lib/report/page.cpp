#include "report/page.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <map>
#include <string_view>

#include "dflare/error.hpp"
#include "report/page_data.hpp"
#include "report/page_parts.hpp"
#include "support/files.hpp"

namespace dflare::report {
namespace {

namespace fs = boost::filesystem;

/// JSON that cannot end the <script> element it stands in, nor begin a comment or another one.
std::string within_script(const nlohmann::ordered_json& json) {
  const std::string text =
      json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string within_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// In blocks that the script parses only when it shows one of their pictures.
std::string picture_blocks(const Pictures& pictures) {
  constexpr std::size_t block = 100;  // page.js has the same number
  std::string text;
  const std::vector<std::string>& all = pictures.in_base64();
  for (std::size_t begin = 0; begin < all.size(); begin += block) {
    text += fmt::format("<script type=\"application/json\" id=\"pictures-{}\">[", begin / block);
    for (std::size_t i = begin; i < all.size() && i < begin + block; ++i)
      text += (i == begin ? "\"" : ",\"") + all[i] + "\"";
    text += "]</script>\n";
  }
  return text;
}

/// Puts parts in the place of their {{names}}. What is put in is not looked at again.
std::string filled_in(std::string_view text, const std::map<std::string, std::string>& parts) {
  constexpr std::string_view open = "{{", close = "}}";
  std::string page;
  for (;;) {
    const std::size_t begin = text.find(open);
    page += text.substr(0, begin);
    if (begin == text.npos) return page;
    const std::size_t end = text.find(close, begin);
    page += parts.at(std::string(text.substr(begin + open.size(), end - begin - open.size())));
    text.remove_prefix(end + close.size());
  }
}

}  // namespace

std::string page(const Report& report, const std::string& folder) {
  Pictures pictures;
  const nlohmann::ordered_json data = page_data(report, folder, pictures);
  return filled_in(page_template, {{"title", within_text(data["title"].get<std::string>())},
                                   {"style", page_style},
                                   {"data", within_script(data)},
                                   {"pictures", picture_blocks(pictures)},
                                   {"script", page_script}});
}

void write_page(const Report& report, const std::string& file) {
  if (fs::is_directory(file))
    throw Error(fmt::format("cannot write the report '{}': it is a folder, expected a file", file));
  write_atomically(file, page(report, fs::absolute(file).parent_path().string()));
}

}  // namespace dflare::report
