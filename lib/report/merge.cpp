#include "report/merge.hpp"

#include <algorithm>
#include <set>

#include "finding/model_record.hpp"

namespace dflare::report {
namespace {

/// Equal for shards of one run.
std::string key_of(const Pair& pair) {
  nlohmann::ordered_json key = {to_json(pair.original), to_json(pair.compressed), pair.seeds,
                                pair.seed_count, pair.options};
  return key.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

struct Group {
  std::string key;
  bool named;
  std::vector<Pair> pairs;

  bool takes(const Run& run, const std::string& its_key) const {
    return key == its_key && (pairs.front().name == run.pair.name || (named && run.named));
  }
};

std::string names_of(const std::vector<Pair>& pairs) {
  std::string text;
  std::set<std::string> known;
  for (const Pair& pair : pairs) {
    if (known.insert(pair.name).second) text += (text.empty() ? "" : ", ") + pair.name;
  }
  return text;
}

std::optional<Tally> sum_of(const std::vector<Pair>& pairs) {
  Tally sum;
  for (const Pair& pair : pairs) {
    if (!pair.outcomes) return std::nullopt;
    sum += *pair.outcomes;
  }
  const bool overlap = pairs.size() > 1 && sum.all() > pairs.front().seed_count;
  return overlap ? std::nullopt : std::optional<Tally>(sum);
}

std::optional<Labels> labels_of(const std::vector<Pair>& pairs) {
  Labels sum;
  for (const Pair& pair : pairs) {
    if (!pair.labels) return std::nullopt;
    sum += *pair.labels;
  }
  return sum;
}

/// Each once, in the order of the runs.
std::vector<std::string> remarks_of(const std::vector<Pair>& pairs) {
  std::vector<std::string> all;
  for (const Pair& pair : pairs) {
    for (const std::string& remark : pair.remarks) {
      if (std::find(all.begin(), all.end(), remark) == all.end()) all.push_back(remark);
    }
  }
  return all;
}

Pair one_of(std::vector<Pair> pairs) {
  Pair merged = pairs.front();
  merged.name = names_of(pairs);
  merged.outcomes = sum_of(pairs);
  merged.labels = merged.outcomes ? labels_of(pairs) : std::nullopt;
  merged.remarks = remarks_of(pairs);
  merged.runs = pairs.size();
  merged.unfinished = merged.duplicates = 0;
  merged.findings.clear();
  std::set<std::string> known;
  for (Pair& pair : pairs) {
    merged.unfinished += pair.unfinished;
    for (Finding& finding : pair.findings) {
      if (known.insert(finding.seed_id).second) {
        merged.findings.push_back(std::move(finding));
      } else {
        ++merged.duplicates;
      }
    }
  }
  if (merged.duplicates > 0) {
    merged.outcomes.reset();
    merged.labels.reset();
  }
  std::stable_sort(merged.findings.begin(), merged.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.position < b.position; });
  return merged;
}

}  // namespace

std::vector<Pair> merged(std::vector<Run> runs) {
  std::vector<Group> groups;
  for (Run& run : runs) {
    const std::string key = key_of(run.pair);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return g.takes(run, key); });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{key, run.named, {}});
    group->pairs.push_back(std::move(run.pair));
  }
  std::vector<Pair> pairs;
  for (Group& group : groups) {
    pairs.push_back(group.pairs.size() == 1 ? std::move(group.pairs.front())
                                            : one_of(std::move(group.pairs)));
  }
  return pairs;
}

}  // namespace dflare::report
