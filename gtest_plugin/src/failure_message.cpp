#include "failure_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/statistics.hpp"
#include "finding/output_folder.hpp"
#include "findings_table.hpp"
#include "output_folder.hpp"
#include "request_text.hpp"

namespace dflare::gtest {
std::string runtime_text(const ModelInfo& info) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  // "OpenVINO, OpenVINO 2026.4.1" says nothing more than its second half.
  if (info.runtime.rfind(info.backend, 0) != 0) add(info.backend);
  add(info.runtime);
  if (!info.engine.empty()) add("engine " + info.engine);
  if (info.isolated) add("isolated");
  if (info.device != "cpu") add(info.device);
  return text;
}

namespace {

constexpr std::size_t shown_errors = 3;

std::string compared(const MessageContext& c, std::size_t seeds) {
  const std::size_t width = std::max(c.original.name.size(), c.compressed.name.size());
  std::string text;
  const auto add_model = [&](const char* role, const ModelInfo& info) {
    std::string line =
        fmt::format("  {:<11} {:<{}}  {}", role, info.name, width, runtime_text(info));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add_model("original", c.original);
  add_model("compressed", c.compressed);
  text += fmt::format("  {:<11} {} {}\n", "seeds", seeds, c.seeds);
  if (const std::string asked = request_text(c.options); !asked.empty())
    text += fmt::format("  {:<11} {}\n", "asked for", asked);
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

std::string advice(const Options& options, const Summary& s) {
  const std::string budgets = budgets_text(options);
  if (s.complete() || budgets.empty()) return "";
  return fmt::format("A larger budget ({}) may show more: it ended searches that could go on.\n",
                     budgets);
}

std::string interval_text(const Interval& interval) {
  return fmt::format("95 % interval {:.3g} to {:.3g}", interval.low, interval.high);
}

/// "; 2 found by search, after 8.5 queries (median; mean 8.5)"
std::string found_text(const Summary& s, Objective objective) {
  if (s.found == 0) return "";
  // A search for something closer or worse goes on after the first one.
  std::string text =
      objective == Objective::first
          ? fmt::format("; {} found by search, after {:.4g} queries (median; mean {:.1f})", s.found,
                        s.median_queries, s.mean_queries)
          : fmt::format("; {} found by search, with {:.4g} queries each (mean)", s.found,
                        s.mean_queries);
  if (s.mean_gradients > 0) text += fmt::format(" and {:.3g} gradients (mean)", s.mean_gradients);
  return text;
}

std::string not_found_text(const Summary& s) {
  if (s.not_found == 0 || s.mean_paths == 0) return "";
  return fmt::format("; {} without a deviation after {:.3g} paths each (mean)",
                     seed_inputs(s.not_found), s.mean_paths);
}

std::string objective_figures(const Summary& s, const Options& options) {
  if (options.objective() == Objective::worst) {
    return fmt::format("; largest margin found {:.3g}, mean {:.3g} ({})", s.largest_margin,
                       s.mean_worst_margin, interval_text(s.worst_margin_interval));
  }
  if (options.objective() == Objective::closest && s.deviating() > 0) {
    return fmt::format("; closest at {} {:.4g}, mean {:.4g}", distance_name(options.closest_by()),
                       s.smallest_closeness, s.mean_closeness);
  }
  return "";
}

}  // namespace

std::string summary_line(const Summary& s, const Options& options) {
  if (s.judged == 0) return fmt::format("none of {} could be judged", seed_inputs(s.seeds));
  const std::string interval =
      fmt::format("95 % interval {:.1f} to {}", 100 * s.interval.low, percent(s.interval.high));
  std::string text =
      s.deviating() == 0
          ? fmt::format("none of {} leads to a deviation ({})", seed_inputs(s.judged), interval)
          : fmt::format("{} of {} {} to a deviation ({}, {})", s.deviating(), seed_inputs(s.judged),
                        s.deviating() == 1 ? "leads" : "lead", percent(s.rate), interval);
  text += found_text(s, options.objective());
  if (s.as_it_is > 0) {
    text += fmt::format("; {} deviate{} as {}", s.as_it_is, s.as_it_is == 1 ? "s" : "",
                        s.as_it_is == 1 ? "it is" : "they are");
  }
  return text + not_found_text(s) + objective_figures(s, options);
}

std::string reservation(const Summary& s) {
  std::string text;
  const auto add = [&text](std::size_t n, const char* what) {
    if (n > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, what);
  };
  add(s.partly_searched, "partly searched");
  add(s.not_begun, "not begun");
  add(s.cut_short, "cut short");
  add(s.skipped, "skipped");
  return text;
}

namespace {

bool in_memory(const ModelInfo& info) {
  return info.path.empty() && info.process.words.empty() && info.server.url.empty();
}

std::string replay_in_memory(const std::string& finding) {
  return fmt::format("dflare::replay(\"{}\", original, compressed), for these models are in memory",
                     finding);
}

/// What in a corpus says nothing of where the models are is said here.
std::string corpus_replay_line(const MessageContext& c, const std::string& finding) {
  if (in_memory(c.original) || in_memory(c.compressed)) return replay_in_memory(finding);
  if (c.original.path.empty() || c.compressed.path.empty()) {
    return "run this test again with --dflare_corpus_mode=replay-only, which loads the models as "
           "the test does";
  }
  return fmt::format("dflare-test --dflare_replay={} --dflare_original={} --dflare_compressed={}",
                     shell_quoted(finding), shell_quoted(absolute_path(c.original.path)),
                     shell_quoted(absolute_path(c.compressed.path)));
}

}  // namespace

std::string corpus_failure_message(const MessageContext& c, const std::string& corpus,
                                   std::size_t seeds,
                                   const std::vector<const CorpusFinding*>& findings,
                                   const std::vector<const CorpusFinding*>& broken,
                                   const Verdict& verdict) {
  std::string text = c.assertion + "\n" + compared(c, seeds);
  text += fmt::format("  {:<11} {}\n", "corpus", corpus);
  text += "Corpus: " + corpus_line(findings) + ".\n";
  for (const std::string& reason : verdict.reasons) text += reason + "\n";
  if (!broken.empty()) {
    SearchResult as_found;
    as_found.seeds = as_seed_results(broken);
    MessageContext of_corpus = c;
    of_corpus.id_of = [&](std::size_t i) { return broken.at(i)->seed_id; };
    for (const CorpusFinding* finding : broken) {
      if (finding->transformation)
        of_corpus.mutants[finding->seed_id] = finding->transformation->text();
    }
    const auto worst = worst_first(as_found, c.options);
    text += findings_table(of_corpus, worst);
    text += fmt::format("Pictures: {}\n", corpus);
    text += fmt::format("Replay the {}:  {}\n", broken.size() == 1 ? "finding" : "first",
                        corpus_replay_line(c, broken[worst.front()->position]->folder));
  }
  text.pop_back();
  return text;
}

std::string replay_line(const MessageContext& c, const std::string& seed_id) {
  const std::string finding = finding_folder(c.folder, seed_id);
  if (in_memory(c.original) || in_memory(c.compressed)) return replay_in_memory(finding);
  return "dflare-test --dflare_replay=" + shell_quoted(finding);
}

std::string failure_message(const MessageContext& c, const SearchResult& result,
                            const Verdict& verdict) {
  const Summary s = summarise(result);
  std::string text = c.assertion + "\n" + compared(c, s.seeds);
  if (s.judged > 0) text += summary_line(s, c.options) + ".\n";
  if (!c.corpus.empty()) text += "Corpus: " + c.corpus + ".\n";
  for (const std::string& reason : verdict.reasons) text += reason + "\n";
  if (const std::string rest = reservation(s); !rest.empty()) {
    text += fmt::format("Of {}: {}.\n", seed_inputs(s.seeds), rest);
  }
  text += advice(c.options, s);
  text += errors_text(c, result);
  const auto findings = worst_first(result, c.options);
  if (!findings.empty()) {
    text += findings_table(c, findings);
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
