#include "judging/conditions.hpp"
#include "judging/goal.hpp"
#include "search/options/rows.hpp"

namespace dflare {
namespace {

using O = Options;

OptionRow criterion_row() {
  return {"criterion",
          "conditions joined with 'and': " + condition_examples(),
          "What counts as a deviation.",
          OptionRole::deviation,
          heading::counted,
          [](Options& o, const std::string& text) { o.criterion(Criteria::parse(text)); },
          [](const Options& o) { return o.criterion().text(); }};
}

OptionRow objective_row() {
  std::vector<std::pair<std::string, Objective>> choices;
  for (const ObjectiveRow& row : objectives()) choices.emplace_back(row.name, row.objective);
  return option_row<Objective>(
      {"objective", "What the search from a seed input is after: " + objective_meanings() + ".",
       OptionRole::goal, heading::searched},
      choice_kind<Objective>(choices), &O::objective, &O::objective);
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

OptionRow closest_by_row() {
  OptionRow row = option_row<Distance>(
      {"closest_by",
       "What objective `closest` makes small; strength is that of the transformation, with "
       "strategy `boundary` and path transform.",
       OptionRole::search, heading::searched},
      choice_kind<Distance>(
          {{"l2", Distance::l2}, {"l_inf", Distance::l_inf}, {"strength", Distance::strength}}),
      &O::closest_by, &O::closest_by);
  row.check_with_others = check_closest_by;
  return row;
}

template <class T>
OptionRow constraint_row(const std::string& name, const std::string& numbers,
                         const std::string& meaning, std::optional<T> Constraints::*limit) {
  return limit_row<Constraints, T>({name, meaning, OptionRole::deviation, heading::searched},
                                   numbers, &O::constraints, &O::constraints, limit);
}

}  // namespace

std::vector<OptionRow> deviation_rows() {
  return {
      criterion_row(),
      objective_row(),
      closest_by_row(),
      constraint_row("l_inf", "grey levels, 0 to 255",
                     "How far a value may be from the seed image's, at most.", &Constraints::l_inf),
      constraint_row("l2", "grey levels, 0 or more",
                     "Euclidean distance from the seed image over all values, at most.",
                     &Constraints::l2),
      constraint_row("changed_pixels", "a whole number, 0 or more",
                     "Pixels that may differ from the seed image's in any channel, at most.",
                     &Constraints::changed_pixels),
      constraint_row("ssim", "a similarity, -1 to 1",
                     "Mean structural similarity to the seed image, at least.", &Constraints::ssim),
  };
}

}  // namespace dflare
