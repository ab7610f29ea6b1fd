#include "dflare/criterion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>

#include "dflare/error.hpp"
#include "judging/conditions.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

std::map<std::string, CriterionFactory>& registry() {
  static std::map<std::string, CriterionFactory> criteria = [] {
    std::map<std::string, CriterionFactory> all;
    for (const ConditionRow& row : built_in_conditions()) all.emplace(row.name, row.make);
    return all;
  }();
  return criteria;
}

/// The name that begins a condition's text, which an operator may follow without a space.
std::string name_in(const std::string& text) {
  return text.substr(
      0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"));
}

/// The conditions between the words "and", each with single spaces; empty where there is none.
std::vector<std::string> terms_of(const std::string& text) {
  std::vector<std::string> terms = {""};
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word == "and") {
      terms.emplace_back();
    } else {
      terms.back() += (terms.back().empty() ? "" : " ") + word;
    }
  }
  return terms;
}

std::shared_ptr<const Criterion> parse_term(const std::string& term, const std::string& text) {
  const std::string name = name_in(term);
  if (name.empty()) {
    throw ConfigError(
        fmt::format("option criterion: '{}' makes no sense; expected conditions joined with 'and', "
                    "each beginning with its name, as in regret >= 0.2 and harmful",
                    text));
  }
  return make_criterion(
      name, term.substr(std::min(term.find_first_not_of(' ', name.size()), term.size())));
}

/// p's part of the divergence of p and q at one class, in bits.
double divergence_from_mean(double p, double q) {
  return p > 0 ? p * std::log2(2 * p / (p + q)) / 2 : 0;
}

}  // namespace

Criteria::Criteria() : conditions_{make_criterion("label", "")} {}

Criteria Criteria::parse(const std::string& text) {
  Criteria criteria;
  criteria.conditions_.clear();
  std::vector<std::string> names;
  for (const std::string& term : terms_of(text)) {
    criteria.conditions_.push_back(parse_term(term, text));
    const std::string name = name_in(term);
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      throw ConfigError(fmt::format(
          "option criterion: '{}' names {} twice; expected each condition once", text, name));
    }
    names.push_back(name);
  }
  return criteria;
}

Criteria& Criteria::set(std::shared_ptr<const Criterion> criterion) {
  if (!criterion) throw ConfigError("a condition of a criterion is missing: its pointer is null");
  // `label` alone is what nobody asked for; others say for themselves what they need of the labels.
  if (only_label()) conditions_.clear();
  const std::string name = name_in(criterion->text());
  for (auto& condition : conditions_) {
    if (name_in(condition->text()) == name) {
      condition = std::move(criterion);
      return *this;
    }
  }
  conditions_.push_back(std::move(criterion));
  return *this;
}

std::string Criteria::text() const {
  std::string text;
  for (const auto& condition : conditions_)
    text += (text.empty() ? "" : " and ") + condition->text();
  return text;
}

bool Criteria::met(const Answer& answer, const std::optional<int>& true_label) const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [&](const auto& condition) { return condition->met(answer, true_label); });
}

bool Criteria::fixed(const Answer& answer, const std::optional<int>& true_label) const {
  return std::any_of(conditions_.begin(), conditions_.end(),
                     [&](const auto& condition) { return condition->fixed(answer, true_label); });
}

double Criteria::progress(const Answer& answer, const std::optional<int>& true_label) const {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& condition : conditions_)
    least = std::min(least, condition->progress(answer, true_label));
  return least;
}

bool Criteria::only_label() const {
  return conditions_.size() == 1 && conditions_[0]->text() == "label";
}

Severity Criteria::severity() const {
  const auto measured_by = [this](Severity severity) {
    return std::any_of(conditions_.begin(), conditions_.end(), [severity](const auto& condition) {
      return condition->severity() == severity;
    });
  };
  if (measured_by(Severity::margin)) return Severity::margin;
  return measured_by(Severity::regret) ? Severity::regret : Severity::progress;
}

std::optional<std::pair<int, int>> Criteria::wanted_labels() const {
  for (const auto& condition : conditions_) {
    if (const auto labels = condition->wanted_labels()) return labels;
  }
  return std::nullopt;
}

bool Criteria::needs_true_label() const {
  return std::any_of(conditions_.begin(), conditions_.end(),
                     [](const auto& condition) { return condition->needs_true_label(); });
}

void Criteria::check_classes(int classes) const {
  for (const auto& condition : conditions_) condition->check_classes(classes);
}

std::shared_ptr<const Criterion> make_criterion(const std::string& name, const std::string& rest) {
  const auto found = registry().find(name);
  if (found == registry().end())
    throw ConfigError(unknown_name("criterion", name, criterion_names()));
  auto made = found->second(rest);
  if (!made || name_in(made->text()) != name) {
    throw ConfigError(fmt::format(
        "criterion '{}': its factory made none whose text begins with that name", name));
  }
  return made;
}

void register_criterion(const std::string& name, CriterionFactory make) {
  if (name.empty() || name_in(name) != name || name == "and" || !make) {
    throw ConfigError(
        fmt::format("criterion '{}': expected a name of letters, digits and _, other "
                    "than 'and', and a factory",
                    name));
  }
  if (!registry().emplace(name, std::move(make)).second) {
    throw ConfigError(
        fmt::format("a criterion named '{}' is registered already; choose another name", name));
  }
}

std::vector<std::string> criterion_names() {
  std::vector<std::string> names;
  for (const auto& entry : registry()) names.push_back(entry.first);
  return names;
}

double total_variation(const Answer& answer) {
  double sum = 0;
  for (int c = 0; c < answer.original.classes; ++c)
    sum += std::abs(static_cast<double>(answer.original[c]) - answer.compressed[c]);
  return std::min(1.0, sum / 2);
}

double jensen_shannon(const Answer& answer) {
  double sum = 0;
  for (int c = 0; c < answer.original.classes; ++c) {
    const double p = answer.original[c], q = answer.compressed[c];
    sum += divergence_from_mean(p, q) + divergence_from_mean(q, p);
  }
  return std::clamp(sum, 0.0, 1.0);
}

}  // namespace dflare
