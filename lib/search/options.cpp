#include "dflare/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dflare/error.hpp"
#include "dflare/strategy.hpp"
#include "judging/conditions.hpp"
#include "judging/goal.hpp"
#include "search/strategies/strategies.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

void at_least_one(const char* name, int value) {
  if (value < 1)
    throw ConfigError(fmt::format(
        "option {}: {} is too small; expected a whole number of at least 1", name, value));
}

void seconds_at_least_zero(const char* name, double value) {
  if (!(value >= 0) || std::isinf(value)) {
    throw ConfigError(fmt::format(
        "option {}: {} makes no sense; expected seconds, 0 or more (0: no limit)", name, value));
  }
}

/// For messages, which had better name an option that was given.
const char* first_given(const TransformationRanges& ranges) {
  if (ranges.rotate) return "rotate";
  if (ranges.translate) return "translate";
  if (ranges.translate_share) return "translate_share";
  if (ranges.scale) return "scale";
  if (ranges.shear) return "shear";
  if (ranges.contrast) return "contrast";
  return "brightness";
}

const char* name_of(PathKind path) {
  switch (path) {
    case PathKind::automatic:
      return "auto";
    case PathKind::transform:
      return "transform";
    case PathKind::blend:
      return "blend";
    case PathKind::gradient:
      return "gradient";
    case PathKind::mutation:
      return "mutation";
  }
  return "";
}

void check_ranges_are_used(const Options& options) {
  if (!options.ranges().any()) return;
  const std::string& strategy = options.strategy();
  const PathKind path = options.path();
  if (!may_transform(strategy)) {
    throw ConfigError(
        fmt::format("option {} limits transformations, and strategy {} makes none; choose strategy "
                    "boundary or random, or leave {} out",
                    first_given(options.ranges()), strategy, first_given(options.ranges())));
  }
  if (strategy == "boundary" && path != PathKind::automatic && path != PathKind::transform) {
    throw ConfigError(
        fmt::format("option {} limits transformations, and path {} makes none; choose path "
                    "transform, or leave {} out",
                    first_given(options.ranges()), name_of(path), first_given(options.ranges())));
  }
}

void check_closest_by(const Options& options) {
  if (options.closest_by() != Distance::strength) return;
  if (!row_of(options.objective()).by_distance) {
    throw ConfigError(
        "option closest_by: strength says what objective closest makes small, and the objective is "
        "another; choose objective closest, or leave closest_by out");
  }
  const bool transforms = options.path() == PathKind::transform ||
                          (options.path() == PathKind::automatic && options.ranges().any());
  if (options.strategy() != "boundary" || !transforms) {
    throw ConfigError(
        "option closest_by: strength is that of a transformation, and this search makes none whose "
        "strength it knows; choose strategy boundary with path transform, or closest_by l2 or "
        "l_inf");
  }
}

void check_minimise(const Options& options) {
  if (!options.minimise()) return;
  if (options.ranges().any()) {
    throw ConfigError(
        fmt::format("option minimise takes findings towards their seed inputs, where they are no "
                    "transformations any more, and option {} asks for transformations; leave one "
                    "of the two out",
                    first_given(options.ranges())));
  }
  if (row_of(options.objective()).by_severity) {
    throw ConfigError(
        "option minimise would throw away how bad the deviation is that objective worst looks for; "
        "choose objective first or closest, or leave minimise out");
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
  const auto strategies = strategy_names();
  if (std::find(strategies.begin(), strategies.end(), strategy_) == strategies.end()) {
    throw ConfigError(unknown_name("strategy", strategy_, strategies));
  }
  at_least_one("queries", queries_);
  at_least_one("minimise_queries", minimise_queries_);
  at_least_one("batch", batch_);
  at_least_one("block", block_);
  if (workers_ < 0 || workers_ > 1024) {
    throw ConfigError(fmt::format(
        "option workers: {} makes no sense; expected 0 (one a core) to 1024", workers_));
  }
  seconds_at_least_zero("seconds", seconds_);
  seconds_at_least_zero("seconds_per_seed", seconds_per_seed_);
  if (operators_.size() == 0) {
    throw ConfigError(
        "option operators: the set is empty; expected at least one mutation operator");
  }
  constraints_.check();
  ranges_.check();
  input_.check();
}

void Options::check() const {
  check_values();
  check_ranges_are_used(*this);
  check_closest_by(*this);
  check_minimise(*this);
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
