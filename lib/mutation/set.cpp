#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <opencv2/core/check.hpp>

#include "dflare/error.hpp"
#include "mutation/operators.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

constexpr const char* all_sets = "all";

struct OperatorGroup {
  std::string set;
  std::vector<MutationOperator> operators;
};

const std::vector<OperatorGroup>& groups() {
#define DFLARE_OPERATORS_ENTRY(set, group) {#set, group##_operators()},
  static const std::vector<OperatorGroup> all = {DFLARE_OPERATORS(DFLARE_OPERATORS_ENTRY)};
#undef DFLARE_OPERATORS_ENTRY
  return all;
}

struct KnownSets {
  std::vector<std::string> names;
  std::map<std::string, MutationSet> sets;

  void add(const std::string& name, const MutationOperator& op) {
    if (sets.count(name) == 0) names.push_back(name);
    sets[name].add(op);
  }
  void add(const std::string& name, const MutationSet& set) {
    names.push_back(name);
    sets.emplace(name, set);
  }
};

KnownSets& known_sets() {
  static KnownSets known = [] {
    KnownSets own;
    for (const OperatorGroup& group : groups())
      for (const MutationOperator& op : group.operators) own.add(group.set, op);
    for (const OperatorGroup& group : groups())
      for (const MutationOperator& op : group.operators) own.add(all_sets, op);
    return own;
  }();
  return known;
}

std::string described(const Image& image) {
  return fmt::format("{} ({})", shape_text(image), cv::typeToString(image.type()));
}

void check_mutant(const std::string& name, const Image& image, const Image& mutant) {
  if (mutant.size == image.size && mutant.type() == image.type()) return;
  throw ConfigError(fmt::format(
      "mutation operator '{}' made an image of {} from one of {}; a mutant must be 8-bit and of "
      "the same size and channels, so resize or convert it in the operator",
      name, described(mutant), described(image)));
}

}  // namespace

MutationSet MutationSet::named(const std::string& name) {
  const auto found = known_sets().sets.find(name);
  if (found == known_sets().sets.end())
    throw ConfigError(unknown_name("mutation set", name, names()));
  return found->second;
}

const std::vector<std::string>& MutationSet::names() {
  return known_sets().names;
}

void register_mutation_set(const std::string& name, const MutationSet& set) {
  if (name.empty() || set.size() == 0)
    throw ConfigError("a mutation set needs a name and at least one operator");
  if (known_sets().sets.count(name) > 0) {
    throw ConfigError(
        fmt::format("a mutation set named '{}' is there already; choose another name", name));
  }
  known_sets().add(name, set);
}

MutationSet& MutationSet::add(MutationOperator op) {
  if (op.name.empty())
    throw ConfigError("a mutation operator has an empty name; findings and messages need one");
  if (find(op.name) != nullptr)
    throw ConfigError(fmt::format(
        "the set already has a mutation operator '{}'; give the new one another name", op.name));
  if (!op.apply)
    throw ConfigError(
        fmt::format("mutation operator '{}' has no function; set what it applies", op.name));
  op.apply = [name = op.name, apply = std::move(op.apply)](const Image& image, Image& mutant,
                                                           Random& random) {
    const double strength = apply(image, mutant, random);
    check_mutant(name, image, mutant);
    return strength;
  };
  operators_.push_back(std::make_shared<const MutationOperator>(std::move(op)));
  return *this;
}

MutationSet& MutationSet::add(const std::string& name,
                              std::function<Image(const Image&, Random&)> f) {
  if (!f) return add(MutationOperator{name, "", nullptr});
  // A copy goes in and a copy comes out: cv::Mat shares its pixels with its copies, so that a
  // function that changes "its own" matrix would change the seed input.
  auto apply = [f = std::move(f)](const Image& image, Image& mutant, Random& random) {
    f(image.clone(), random).copyTo(mutant);
    return 0.0;
  };
  return add(MutationOperator{name, "", std::move(apply)});
}

const MutationOperator* MutationSet::find(const std::string& name) const {
  const auto found = std::find_if(operators_.begin(), operators_.end(),
                                  [&](const auto& op) { return op->name == name; });
  return found == operators_.end() ? nullptr : found->get();
}

}  // namespace dflare
