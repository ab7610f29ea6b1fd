#include "examination/steadiness.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"

namespace dflare {
namespace {

constexpr std::size_t kAgain = 8, kAlone = 2;  // images

/// Some of the images whose answers are known, spread over all of them, in another order.
std::vector<std::size_t> some_of(const Asked& asked, std::size_t count) {
  std::vector<std::size_t> known, chosen;
  for (std::size_t i = 0; i < asked.known.size(); ++i) {
    if (asked.known[i]) known.push_back(i);
  }
  count = std::min(count, known.size());
  for (std::size_t k = count; k > 0; --k) chosen.push_back(known[(k - 1) * known.size() / count]);
  return chosen;
}

class Comparison {
 public:
  Comparison(const std::vector<Image>& images, const Asked& first)
      : images_(images), first_(first), width_(width_of(first)) {}

  std::vector<Image> images(const std::vector<std::size_t>& chosen) const {
    std::vector<Image> them;
    for (const std::size_t i : chosen) them.push_back(images_[i]);
    return them;
  }
  /// Images whose answers are others than at first.
  std::size_t changed(const std::vector<std::size_t>& chosen, const Asked& again) const {
    std::size_t count = 0;
    for (std::size_t k = 0; k < chosen.size(); ++k)
      count += !alike(first_, chosen[k], again, k, width_);
    return count;
  }
  std::size_t changed(const Asked& a, const Asked& b) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.known.size(); ++i) count += !alike(a, i, b, i, width_);
    return count;
  }

 private:
  const std::vector<Image>& images_;
  const Asked& first_;
  float width_;
};

[[noreturn]] void changes(const Model& model, std::size_t changed, std::size_t asked) {
  throw ModelError(
      model.info().name,
      fmt::format(
          "asked the same twice, it answers differently ({} of {} images), so that nothing can be "
          "said of it; dropout left on: call model.eval() before exporting; quantisation observers "
          "left on: convert the model first; noise or a counter inside: take it out",
          changed, asked));
}

}  // namespace

Steadiness steadiness(Model& model, const std::vector<Image>& images, const Asked& first) {
  const Comparison comparison(images, first);
  const std::vector<std::size_t> again = some_of(first, kAgain), alone = some_of(first, kAlone);
  Steadiness found;
  const Asked among_others = ask(model, comparison.images(again));
  found.evaluations += again.size();
  const auto replica = model.replicate();
  const Asked by_replica = ask(*replica, comparison.images(again));
  found.evaluations += again.size();
  if (const std::size_t changed = comparison.changed(among_others, by_replica)) {
    const Asked once_more = ask(model, comparison.images(again));
    if (const std::size_t own = comparison.changed(among_others, once_more))
      changes(model, own, again.size());
    throw ModelError(
        model.info().name,
        fmt::format("a replica of it, made for another worker, answers differently to {} of {} "
                    "images; what it answers must not depend on what it was asked before",
                    changed, again.size()));
  }

  // A rounded value may go either way now and then, by the last bits of another place in the batch.
  bool depends = 2 * comparison.changed(again, among_others) > again.size();
  std::size_t changed_alone = 0;
  for (const std::size_t i : alone) {
    changed_alone += comparison.changed({i}, ask(model, comparison.images({i})));
    ++found.evaluations;
  }
  depends = depends || changed_alone == alone.size();
  if (!depends) return found;
  const Asked once_more = ask(model, images);
  found.evaluations += images.size();
  if (const std::size_t changed = comparison.changed(first, once_more))
    changes(model, changed, images.size());
  found.depends_on_batch = true;
  return found;
}

}  // namespace dflare
