#include "dflare/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"
#include "judging/conditions.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

void require_own(const std::string& name) {
  std::vector<std::string> known;
  for (const OptionRow& row : options_table()) {
    if (!row.strategy.empty()) known.push_back(row.name);
  }
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw ConfigError(unknown_name("option of a registered strategy", name, known));
}

/// What the strategy in use does not have would be given in vain.
void check_own_are_used(const Options& options) {
  for (const auto& [name, text] : options.own()) {
    std::vector<std::string> of_this;
    std::string owner;
    for (const OptionRow& row : options_table()) {
      if (row.name == name) owner = row.strategy;
      if (!row.strategy.empty() && row.strategy == options.strategy()) of_this.push_back(row.name);
    }
    if (owner == options.strategy()) continue;
    const std::string nearest = nearest_name(name, of_this);
    throw ConfigError(fmt::format(
        "option {0} is one of strategy {1}, and the strategy is {2}{3}; choose strategy {1}, or "
        "leave {0} out",
        name, owner, options.strategy(),
        nearest.empty() ? "" : fmt::format(" (which has '{}')", nearest)));
  }
}

}  // namespace

Options& Options::regret(double at_least) {
  criterion_.set(make_criterion("regret", fmt::format(">= {}", at_least)));
  return *this;
}

Options& Options::margin(double at_least) {
  criterion_.set(make_criterion("margin", fmt::format(">= {}", at_least)));
  return *this;
}

Options& Options::top_k(int k) {
  criterion_.set(make_criterion("top_k", fmt::format("= {}", k)));
  return *this;
}

Options& Options::total_variation(double at_least) {
  criterion_.set(make_criterion("total_variation", fmt::format(">= {}", at_least)));
  return *this;
}

Options& Options::jensen_shannon(double at_least) {
  criterion_.set(make_criterion("jensen_shannon", fmt::format(">= {}", at_least)));
  return *this;
}

Options& Options::targeted(int original_label, int compressed_label) {
  criterion_.set(
      make_criterion("targeted", fmt::format("= {} {}", original_label, compressed_label)));
  return *this;
}

Options& Options::harmful() {
  criterion_.set(make_criterion("harmful", ""));
  return *this;
}

Options& Options::l_inf(double grey_levels) {
  constraints_.l_inf = grey_levels;
  return *this;
}

Options& Options::l2(double grey_levels) {
  constraints_.l2 = grey_levels;
  return *this;
}

Options& Options::changed_pixels(int pixels) {
  constraints_.changed_pixels = pixels;
  return *this;
}

Options& Options::ssim(double at_least) {
  constraints_.ssim = at_least;
  return *this;
}

Options& Options::rotate(double degrees) {
  ranges_.rotate = degrees;
  return *this;
}

Options& Options::translate(double pixels) {
  ranges_.translate = pixels;
  return *this;
}

Options& Options::translate_share(double of_the_side) {
  ranges_.translate_share = of_the_side;
  return *this;
}

Options& Options::scale(double factor) {
  ranges_.scale = factor;
  return *this;
}

Options& Options::shear(double ratio) {
  ranges_.shear = ratio;
  return *this;
}

Options& Options::contrast(double factor) {
  ranges_.contrast = factor;
  return *this;
}

Options& Options::brightness(double grey_levels) {
  ranges_.brightness = grey_levels;
  return *this;
}

void Options::check_values() const {
  for (const OptionRow& row : options_table()) {
    if (row.check) row.check(*this);
  }
  for (const auto& given : own_) require_own(given.first);
  input_.check();
}

void Options::check() const {
  check_values();
  for (const OptionRow& row : options_table()) {
    if (row.check_with_others) row.check_with_others(*this);
  }
  check_own_are_used(*this);
}

Options everyday() {
  return Options()
      .strategy("boundary")
      .path(PathKind::transform)
      .queries(20)
      .regret(0.2)
      .rotate(10)
      .translate_share(1.0 / 14)
      .scale(1.1)
      .contrast(1.2)
      .brightness(10);
}

}  // namespace dflare
