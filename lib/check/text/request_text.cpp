#include "check/text/request_text.hpp"

#include <fmt/format.h>

#include "check/expectation/kind.hpp"

namespace dflare::checking {
namespace {

/// Parts that are there, joined.
class Joined {
 public:
  explicit Joined(const char* separator) : separator_(separator) {}

  void add(const std::string& part) {
    if (!part.empty()) text_ += (text_.empty() ? "" : separator_) + part;
  }
  template <class T>
  void add(const char* format, const std::optional<T>& value) {
    if (value) add(fmt::format(fmt::runtime(format), *value));
  }
  const std::string& text() const { return text_; }

 private:
  std::string separator_, text_;
};

std::string constraints_text(const Constraints& constraints) {
  Joined text(", ");
  text.add("L-inf <= {:.4g}", constraints.l_inf);
  text.add("L2 <= {:.4g}", constraints.l2);
  text.add("at most {} changed pixels", constraints.changed_pixels);
  text.add("SSIM >= {:.4g}", constraints.ssim);
  return text.text();
}

std::string ranges_text(const TransformationRanges& ranges) {
  Joined text(", ");
  text.add("rotate {:.4g} degrees", ranges.rotate);
  text.add("translate {:.4g} px", ranges.translate);
  if (ranges.translate_share)
    text.add(fmt::format("translate {:.3g} % of the side", 100 * *ranges.translate_share));
  text.add("scale {:.4g}", ranges.scale);
  text.add("shear {:.4g}", ranges.shear);
  text.add("contrast {:.4g}", ranges.contrast);
  text.add("brightness {:.4g} grey levels", ranges.brightness);
  return text.text();
}

}  // namespace

std::string request_text(const Options& options) {
  Joined text("; ");
  if (!options.criterion().only_label()) text.add(options.criterion().text());
  text.add(measured_by(options).request(options));
  text.add(constraints_text(options.constraints()));
  text.add(ranges_text(options.ranges()));
  if (text.text().empty()) return "";
  return text.text() + fmt::format("; {} quer{} a seed input", options.queries(),
                                   options.queries() == 1 ? "y" : "ies");
}

std::string budgets_text(const Options& options) {
  Joined text(", ");
  const auto add = [&text](const char* name, auto value) {
    if (value > 0) text.add(fmt::format("{} {}", name, value));
  };
  add("queries_in_all", options.queries_in_all());
  add("seconds_per_seed", options.seconds_per_seed());
  add("seconds", options.seconds());
  return text.text();
}

}  // namespace dflare::checking
