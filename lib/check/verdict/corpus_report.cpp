#include "check/verdict/corpus_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/expectation/words.hpp"
#include "support/absolute_path.hpp"
#include "support/files.hpp"

namespace dflare {
namespace checking {
namespace {

std::size_t count_of(const CorpusFindings& findings, CorpusState state) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [state](const CorpusFinding* f) { return f->state == state; }));
}

}  // namespace

std::string corpus_folder(const Options& options, const std::string& name) {
  if (options.corpus().empty()) return "";
  return absolute_path(options.corpus()) + "/" + safe_name(name);
}

CorpusFindings pointers_to(const std::vector<CorpusFinding>& findings) {
  CorpusFindings pointers;
  for (const CorpusFinding& finding : findings) pointers.push_back(&finding);
  return pointers;
}

CorpusFindings breaking(const CorpusFindings& findings, const Expectation& expectation,
                        std::size_t seeds, const Options& options) {
  return expectation.kind().breaking(findings, expectation.bound(), seeds, options);
}

Judgement judge_corpus(const CorpusReport& report, const CorpusFindings& findings,
                       const Expectation& expectation, std::size_t seeds, const Options& options) {
  Judgement judgement;
  const CorpusFindings broken = breaking(findings, expectation, seeds, options);
  if (!broken.empty()) {
    judgement.add(CheckVerdict::failed,
                  expectation.kind().broken_text(broken, expectation.bound(), seeds, options));
    if (report.mode == CorpusMode::both) {
      judgement.reasons.emplace_back(
          "So nothing was searched; --dflare_corpus=search searches all the same.");
    }
    return judgement;
  }
  if (report.mode != CorpusMode::replay_only) return judgement;
  const auto inconclusive = [&judgement](std::string reason) {
    judgement.add(CheckVerdict::inconclusive, std::move(reason));
  };
  if (report.stopped) {
    inconclusive("The replay of the corpus was stopped before its end.");
  } else if (report.held == 0) {
    inconclusive(
        fmt::format("The corpus '{}' holds no finding, so nothing was tested: leave out "
                    "--dflare_corpus=replay-only, and a search adds what it finds.",
                    report.folder));
  } else if (!findings.empty() && count_of(findings, CorpusState::not_valid) == findings.size()) {
    inconclusive(
        "No finding of the corpus says anything of these models and options, so nothing was "
        "tested: leave out --dflare_corpus=replay-only, and a search adds what it finds.");
  }
  return judgement;
}

std::string corpus_line(const CorpusFindings& findings) {
  if (findings.empty()) return "no finding to replay";
  std::string text = findings_text(findings.size()) + " replayed: ";
  const std::size_t all = text.size();
  const auto add = [&](std::size_t n, const char* one, const char* more) {
    if (n > 0)
      text += fmt::format("{}{} {}", text.size() == all ? "" : ", ", n, n == 1 ? one : more);
  };
  add(count_of(findings, CorpusState::deviates), "still deviates", "still deviate");
  add(count_of(findings, CorpusState::fixed), "is fixed", "are fixed");
  const std::size_t not_valid = count_of(findings, CorpusState::not_valid);
  add(not_valid, "is no longer valid", "are no longer valid");
  if (not_valid > 0) {
    const auto first = std::find_if(findings.begin(), findings.end(), [](const CorpusFinding* f) {
      return f->state == CorpusState::not_valid;
    });
    text += fmt::format(" ({}{})", (*first)->why, not_valid > 1 ? ", for one" : "");
  }
  return text;
}

std::vector<SeedResult> as_seed_results(const CorpusFindings& findings) {
  std::vector<SeedResult> results;
  for (const CorpusFinding* f : findings) {
    SeedResult seed;
    seed.position = results.size();
    seed.outcome = f->recorded.as_it_is ? Outcome::as_it_is : Outcome::found;
    seed.queries = f->recorded.queries;
    static_cast<Measurement&>(seed) = *f;
    seed.distances = f->distances;
    seed.closeness = f->closeness;
    results.push_back(seed);
  }
  return results;
}

}  // namespace checking

std::size_t CorpusReport::count(CorpusState state) const {
  return checking::count_of(checking::pointers_to(findings), state);
}

}  // namespace dflare
