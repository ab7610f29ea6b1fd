#include "search/options/rows.hpp"

namespace dflare {
namespace {

OptionRow range_row(const std::string& name, const std::string& numbers, const std::string& change,
                    std::optional<double> TransformationRanges::*limit) {
  return limit_row<TransformationRanges, double>(
      {name,
       "How far a transformation of `boundary` (path transform) or `random` may " + change +
           "; none: not at all where another range is given.",
       OptionRole::deviation, heading::searched},
      numbers, &Options::ranges, &Options::ranges, limit);
}

}  // namespace

std::vector<OptionRow> range_rows() {
  using R = TransformationRanges;
  return {
      range_row("rotate", "degrees, 0 to 180", "turn the image, either way", &R::rotate),
      range_row("translate", "pixels, 0 or more", "move the image in each direction",
                &R::translate),
      range_row("translate_share", "a share of the side, 0 to 1",
                "move the image in each direction (with translate, the nearer limit counts)",
                &R::translate_share),
      range_row("scale", "a factor, 1 to 10", "scale the image: 1.1 is 1 / 1.1 to 1.1", &R::scale),
      range_row("shear", "a ratio, 0 to 2", "shear the image, either way", &R::shear),
      range_row("contrast", "a factor, 1 to 10", "change the contrast: 1.2 is 1 / 1.2 to 1.2",
                &R::contrast),
      range_row("brightness", "grey levels, 0 to 255", "brighten or darken the image",
                &R::brightness),
  };
}

std::string given_range(const Options& options) {
  const Options none;
  for (const OptionRow& row : range_rows()) {
    if (row.get(options) != row.get(none)) return row.name;
  }
  return "";
}

}  // namespace dflare
