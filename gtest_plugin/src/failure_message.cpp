#include "failure_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dflare/statistics.hpp"
#include "finding/output_folder.hpp"
#include "worst_mutants.hpp"

namespace dflare::gtest {
namespace {

constexpr std::size_t shown_errors = 3;

using Row = std::array<std::string, 8>;

/// Columns padded to the widest cell; the last one is left as it is.
std::string table(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    text += " ";
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      text += fmt::format(" {:<{}} ", row[i], widths[i]);
    text += " " + row.back() + "\n";
  }
  return text;
}

std::string backend_text(const ModelInfo& info) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  add(info.backend);
  add(info.runtime);
  if (!info.engine.empty()) add("engine " + info.engine);
  if (info.device != "cpu") add(info.device);
  return text;
}

std::string compared(const MessageContext& c, std::size_t seeds) {
  const std::size_t width = std::max(c.original.name.size(), c.compressed.name.size());
  std::string text;
  const auto add_model = [&](const char* role, const ModelInfo& info) {
    std::string line =
        fmt::format("  {:<11} {:<{}}  {}", role, info.name, width, backend_text(info));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add_model("original", c.original);
  add_model("compressed", c.compressed);
  text += fmt::format("  {:<11} {} {}\n", "seeds", seeds, c.seeds);
  return text;
}

Row finding_row(const MessageContext& c, const SeedResult& s) {
  const std::string id = c.id_of(s.position);
  const auto mutant = c.mutants.find(id);
  const bool as_it_is = s.outcome == Outcome::as_it_is;
  return {id,
          fmt::format("{} ({})", s.original_label, percent(s.original_score)),
          fmt::format("{} ({})", s.compressed_label, percent(s.compressed_score)),
          fmt::format("{:.3g}", s.margin),
          as_it_is ? "-" : std::to_string(s.queries),
          as_it_is ? "-" : fmt::format("{:.0f}", s.distances.l_inf),
          as_it_is ? "-" : fmt::format("{:.3f}", s.distances.ssim),
          as_it_is                    ? "the seed input itself, as it is"
          : mutant == c.mutants.end() ? ""
                                      : mutant->second};
}

std::vector<const SeedResult*> worst_first(const SearchResult& result) {
  std::vector<const SeedResult*> findings;
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome == Outcome::found || seed.outcome == Outcome::as_it_is) {
      findings.push_back(&seed);
    }
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const SeedResult* a, const SeedResult* b) { return a->margin > b->margin; });
  return findings;
}

std::string findings_text(const MessageContext& c, const std::vector<const SeedResult*>& findings) {
  const std::size_t shown = std::min(shown_findings, findings.size());
  std::vector<Row> rows = {
      {"seed", "original", "compressed", "margin", "queries", "L-inf", "SSIM", "mutant"}};
  for (std::size_t i = 0; i < shown; ++i) rows.push_back(finding_row(c, *findings[i]));
  std::string text = findings.size() == 1 ? "It is:\n"
                     : findings.size() <= shown_findings
                         ? "They are, largest margin first:\n"
                         : fmt::format("The {} of largest margin:\n", shown);
  text += table(rows);
  if (findings.size() > shown) text += fmt::format("  ... {} more\n", findings.size() - shown);
  return text;
}

std::string errors_text(const MessageContext& c, const SearchResult& result) {
  std::string text;
  std::size_t errors = 0;
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome != Outcome::error) continue;
    if (errors++ >= shown_errors) continue;
    const std::string id = c.id_of(seed.position);
    text += fmt::format("  seed {}: {}\n", id, *seed.why);
    const auto image = c.failure_images.find(id);
    if (image != c.failure_images.end()) text += fmt::format("    image: {}\n", image->second);
  }
  if (errors == 0) return "";
  text = errors == 1 ? "The error:\n" + text : "The errors:\n" + text;
  if (errors > shown_errors) text += fmt::format("  ... {} more\n", errors - shown_errors);
  return text;
}

}  // namespace

std::string summary_line(const Summary& s) {
  if (s.judged == 0) return fmt::format("none of {} could be judged", seed_inputs(s.seeds));
  const std::string interval =
      fmt::format("95 % interval {:.1f} to {}", 100 * s.interval.low, percent(s.interval.high));
  if (s.deviating() == 0) {
    return fmt::format("none of {} leads to a deviation ({})", seed_inputs(s.judged), interval);
  }
  std::string text =
      fmt::format("{} of {} {} to a deviation ({}, {})", s.deviating(), seed_inputs(s.judged),
                  s.deviating() == 1 ? "leads" : "lead", percent(s.rate), interval);
  if (s.found > 0) {
    text += fmt::format("; {} found by search, after {:.4g} queries (median; mean {:.1f})", s.found,
                        s.median_queries, s.mean_queries);
  }
  if (s.as_it_is > 0) {
    text += fmt::format("; {} deviate{} as {}", s.as_it_is, s.as_it_is == 1 ? "s" : "",
                        s.as_it_is == 1 ? "it is" : "they are");
  }
  return text;
}

std::string reservation(const Summary& s) {
  std::string text;
  const auto add = [&text](std::size_t n, const char* what) {
    if (n > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, what);
  };
  add(s.partly_searched, "partly searched");
  add(s.not_begun, "not begun");
  add(s.skipped, "skipped");
  return text;
}

std::string shell_quoted(const std::string& text) {
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string("/._-+,:@%").find(c) != std::string::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), harmless)) return text;
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string replay_line(const MessageContext& c, const std::string& seed_id) {
  const std::string finding = finding_folder(c.folder, seed_id);
  if (c.original.path.empty() || c.compressed.path.empty()) {
    return fmt::format(
        "dflare::replay(\"{}\", original, compressed), for these models are in memory", finding);
  }
  return "dflare-test --dflare_replay=" + shell_quoted(finding);
}

std::string failure_message(const MessageContext& c, const SearchResult& result,
                            const Verdict& verdict) {
  const Summary s = summarise(result);
  std::string text = c.assertion + "\n" + compared(c, s.seeds);
  if (s.judged > 0) text += summary_line(s) + ".\n";
  for (const std::string& reason : verdict.reasons) text += reason + "\n";
  if (const std::string rest = reservation(s); !rest.empty()) {
    text += fmt::format("Of {}: {}.\n", seed_inputs(s.seeds), rest);
  }
  text += errors_text(c, result);
  const auto findings = worst_first(result);
  if (!findings.empty()) {
    text += findings_text(c, findings);
    if (c.folder.empty()) {
      text += "Pictures: none, because write_findings is false\n";
    } else {
      text += fmt::format("Pictures: {}\n", c.folder);
      text += fmt::format("Replay the {}:  {}\n", findings.size() == 1 ? "finding" : "first",
                          replay_line(c, c.id_of(findings.front()->position)));
    }
  }
  text.pop_back();
  return text;
}

}  // namespace dflare::gtest
