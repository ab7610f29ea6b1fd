#include "check/corpus_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "flags/output_folder.hpp"
#include "support/files.hpp"

namespace dflare::gtest {
namespace {

using Findings = std::vector<const CorpusFinding*>;

std::size_t count_of(const Findings& findings, CorpusState state) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [state](const CorpusFinding* f) { return f->state == state; }));
}

bool breaks(const CorpusFinding& finding, const Expectation& expectation) {
  if (finding.state != CorpusState::deviates) return false;
  if (expectation.regret_le)
    return (expectation.by_margin ? finding.margin : finding.regret) > *expectation.regret_le;
  if (expectation.distance_ge) return finding.closeness < *expectation.distance_ge;
  return true;
}

std::set<std::string> seed_ids(const Findings& findings) {
  std::set<std::string> ids;
  for (const CorpusFinding* finding : findings) ids.insert(finding->recorded.seed_id);
  return ids;
}

std::string findings_text(std::size_t n) {
  return fmt::format("{} finding{}", n, n == 1 ? "" : "s");
}

std::string broken_text(const Findings& broken, const Expectation& expectation, std::size_t seeds) {
  if (expectation.rate_le) {
    return fmt::format(
        "The findings that still deviate are of at least {} of {}, above the rate {:.4g}, the "
        "highest allowed.",
        seed_ids(broken).size(), seed_inputs(seeds), *expectation.rate_le);
  }
  const std::string still =
      fmt::format("{} of the corpus still deviate{}", findings_text(broken.size()),
                  broken.size() == 1 ? "s" : "");
  if (expectation.regret_le) {
    return fmt::format("{} by a {} above {:.4g}, the largest allowed.", still,
                       worst_name(expectation.by_margin), *expectation.regret_le);
  }
  if (expectation.distance_ge) {
    return fmt::format("{} nearer to the seed input than {:.4g}, the nearest allowed.", still,
                       *expectation.distance_ge);
  }
  return still + ".";
}

}  // namespace

std::size_t CorpusReport::count(CorpusState state) const {
  return count_of(pointers_to(findings), state);
}

std::string corpus_folder(const Options& options, const std::string& name) {
  if (options.corpus().empty()) return "";
  return absolute_path(options.corpus()) + "/" + safe_name(name);
}

Findings pointers_to(const std::vector<CorpusFinding>& findings) {
  Findings pointers;
  for (const CorpusFinding& finding : findings) pointers.push_back(&finding);
  return pointers;
}

Findings breaking(const Findings& findings, const Expectation& expectation, std::size_t seeds) {
  Findings broken;
  for (const CorpusFinding* finding : findings) {
    if (breaks(*finding, expectation)) broken.push_back(finding);
  }
  if (!expectation.rate_le) return broken;
  const double allowed = *expectation.rate_le * static_cast<double>(seeds);
  return static_cast<double>(seed_ids(broken).size()) > allowed ? broken : Findings();
}

Verdict judge_corpus(const CorpusReport& report, const Findings& findings,
                     const Expectation& expectation, std::size_t seeds) {
  Verdict verdict;
  const Findings broken = breaking(findings, expectation, seeds);
  if (!broken.empty()) {
    verdict.passed = false;
    verdict.reasons.push_back(broken_text(broken, expectation, seeds));
    if (report.mode == CorpusMode::both) {
      verdict.reasons.emplace_back(
          "So nothing was searched; --dflare_corpus=search searches all the same.");
    }
    return verdict;
  }
  if (report.mode != CorpusMode::replay_only) return verdict;
  if (report.stopped) {
    verdict.passed = false;
    verdict.reasons.emplace_back("The replay of the corpus was stopped before its end.");
  } else if (report.held == 0) {
    verdict.passed = false;
    verdict.reasons.push_back(
        fmt::format("The corpus '{}' holds no finding, so nothing was tested: leave out "
                    "--dflare_corpus=replay-only, and a search adds what it finds.",
                    report.folder));
  } else if (!findings.empty() && count_of(findings, CorpusState::not_valid) == findings.size()) {
    verdict.passed = false;
    verdict.reasons.emplace_back(
        "No finding of the corpus says anything of these models and options, so nothing was "
        "tested: leave out --dflare_corpus=replay-only, and a search adds what it finds.");
  }
  return verdict;
}

std::string corpus_line(const Findings& findings) {
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

std::vector<SeedResult> as_seed_results(const Findings& findings) {
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

}  // namespace dflare::gtest
