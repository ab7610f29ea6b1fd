#include "check/text/failure_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/expectation/words.hpp"
#include "check/text/findings_table.hpp"
#include "check/text/label_facts.hpp"
#include "check/text/request_text.hpp"
#include "check/text/summary_text.hpp"
#include "dflare/statistics.hpp"
#include "finding/output_folder.hpp"
#include "finding/replay/replay_line.hpp"
#include "model/unusual_answers.hpp"
#include "program/plain_text.hpp"
#include "support/absolute_path.hpp"

namespace dflare::checking {

std::string runtime_text(const ModelInfo& info) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  // "OpenVINO, OpenVINO 2026.4.1" says nothing more than its second half.
  if (info.runtime.rfind(info.backend, 0) != 0) add(info.backend);
  add(info.runtime);
  if (!info.engine.empty()) add("engine " + info.engine);
  if (info.isolated || info.sandboxed) add(info.sandboxed ? "sandboxed" : "isolated");
  if (info.device != "cpu") add(info.device);
  add(unusual_answers(info.scores, info.one_by_one));
  return one_line_utf8(text);
}

namespace {

constexpr std::size_t shown_errors = 3;

std::string entry(const char* what, const std::string& text) {
  std::string line = fmt::format("  {:<11} {}", what, text);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string compared(const MessageContext& c, std::size_t seeds) {
  const std::string original = one_line_utf8(c.original.name),
                    compressed = one_line_utf8(c.compressed.name);
  const std::size_t width = std::max(original.size(), compressed.size());
  std::string text;
  text += entry("original", fmt::format("{:<{}}  {}", original, width, runtime_text(c.original)));
  text +=
      entry("compressed", fmt::format("{:<{}}  {}", compressed, width, runtime_text(c.compressed)));
  text += entry("seeds", fmt::format("{} {}", seeds, one_line_utf8(c.seeds)));
  if (const std::string asked = request_text(c.options); !asked.empty())
    text += entry("asked for", one_line_utf8(asked));
  for (const std::string& remark : c.remarks) text += entry("note", one_line_utf8(remark));
  return text;
}

/// "the models agree ..." as "The models agree ....\n"
std::string sentence(std::string text) {
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".\n";
}

/// Where any difference of labels fails the test, for every lossy pair has one.
std::string advice_on_choosing(const MessageContext& c, const Summary& s) {
  const bool any_will_do =
      !c.expectation.kind().has_bound() && request_text(c.options).empty() && s.deviating() > 0;
  if (!any_will_do) return "";
  return "Asked for was any difference of labels, anywhere, and every lossy pair has one. "
         "everyday() (in a manifest: preset: everyday) asks for clear differences under everyday "
         "changes; docs/assertions.md says which assertion to choose.\n";
}

std::string errors_text(const MessageContext& c, const SearchResult& result) {
  std::string text;
  std::size_t errors = 0;
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome != Outcome::error) continue;
    if (errors++ >= shown_errors) continue;
    const std::string id = c.id_of(seed.position);
    text += fmt::format("  seed {}: {}\n", one_line_utf8(id), one_line_utf8(*seed.why));
    const auto image = c.failure_images.find(id);
    if (image != c.failure_images.end())
      text += fmt::format("    image: {}\n", one_line_utf8(image->second));
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

bool in_memory(const ModelInfo& info) {
  return info.path.empty() && info.process.words.empty() && info.server.url.empty();
}

std::string replay_in_memory(const std::string& finding) {
  return fmt::format("dflare::replay(\"{}\", original, compressed), for these models are in memory",
                     finding);
}

std::string path_or_empty(const std::string& path) {
  return path.empty() ? "" : absolute_path(path);
}

ReplayLine line_of(const MessageContext& c, const std::string& finding) {
  return {finding, path_or_empty(c.manifest), path_or_empty(c.original.path),
          path_or_empty(c.compressed.path)};
}

/// What in a corpus says nothing of where the models are is said here.
std::string corpus_replay_line(const MessageContext& c, const std::string& finding) {
  if (in_memory(c.original) || in_memory(c.compressed)) return replay_in_memory(finding);
  const bool files = !c.original.path.empty() && !c.compressed.path.empty();
  if (c.manifest.empty() && !files) {
    return "run this test again with --dflare_corpus_mode=replay-only, which loads the models as "
           "the test does";
  }
  return line_of(c, finding).text();
}

}  // namespace

std::string corpus_failure_text(const MessageContext& c, const std::string& corpus,
                                std::size_t seeds, const CorpusFindings& findings,
                                const CorpusFindings& broken, const Judgement& judgement) {
  std::string text = compared(c, seeds);
  text += entry("corpus", one_line_utf8(corpus));
  text += "Corpus: " + one_line_utf8(corpus_line(findings)) + ".\n";
  for (const std::string& reason : judgement.reasons) text += reason + "\n";
  if (!broken.empty()) {
    SearchResult as_found;
    as_found.seeds = as_seed_results(broken);
    MessageContext of_corpus = c;
    of_corpus.id_of = [&](std::size_t i) { return broken.at(i)->recorded.seed_id; };
    for (const CorpusFinding* finding : broken) {
      if (finding->recorded.transformation)
        of_corpus.mutants[finding->recorded.seed_id] = finding->recorded.transformation->text();
    }
    const auto worst = worst_first(as_found, c.options);
    text += findings_table(of_corpus, worst);
    text += fmt::format("Pictures: {}\n", one_line_utf8(corpus));
    text += fmt::format("Replay the {}:  {}\n", broken.size() == 1 ? "finding" : "first",
                        corpus_replay_line(c, broken[worst.front()->position]->recorded.folder));
  }
  text.pop_back();
  return lines_utf8(text);
}

std::string replay_line(const MessageContext& c, const std::string& seed_id) {
  const std::string finding = finding_folder(c.folder, seed_id);
  if (in_memory(c.original) || in_memory(c.compressed)) return replay_in_memory(finding);
  ReplayLine line = line_of(c, finding);
  line.trust_recorded = true;  // this very run recorded it
  return line.text();
}

std::string failure_text(const MessageContext& c, const SearchResult& result,
                         const Judgement& judgement) {
  const Summary s = summarise(result);
  std::string text = compared(c, s.seeds);
  if (s.judged > 0) text += summary_line(s, c.options) + ".\n";
  for (const std::string& fact : label_facts(s)) text += sentence(fact);
  if (!c.corpus.empty()) text += "Corpus: " + one_line_utf8(c.corpus) + ".\n";
  for (const std::string& reason : judgement.reasons) text += reason + "\n";
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
      text += fmt::format("Pictures: {}\n", one_line_utf8(c.folder));
      text += fmt::format("Replay the {}:  {}\n", findings.size() == 1 ? "finding" : "first",
                          replay_line(c, c.id_of(findings.front()->position)));
    }
  }
  text += advice_on_choosing(c, s);
  text.pop_back();
  return lines_utf8(text);
}

}  // namespace dflare::checking
