#include <mutex>
#include <vector>

#include "assertion.hpp"
#include "dflare/gmock.hpp"
#include "program/plain_text.hpp"

namespace dflare::gtest {

/// What was found out so far. GoogleMock asks a second time for the explanation.
struct PairMatcher::Searches {
  struct Search {
    ModelArgument compressed;
    CheckVerdict verdict;
    std::string text;
    bool reported = false;
  };

  std::mutex mutex;
  std::vector<Search> searches;

  Search& of(const PairMatcher& matcher, const ModelArgument& compressed) {
    for (Search& search : searches) {
      if (search.compressed.is(compressed)) return search;
    }
    Check check("", matcher.original_, compressed, matcher.seeds_, {}, matcher.options_);
    check.headline = (matcher.wanted_ == Wanted::agreement ? "AgreesWith(" : "DeviatesFrom(") +
                     one_line_utf8(matcher.original_.name() + ", " + matcher.seeds_.name()) + ")";
    CheckResult result = run_in_test(std::move(check));
    searches.push_back({compressed, result.verdict, std::move(result.text)});
    return searches.back();
  }
};

PairMatcher::PairMatcher(Wanted wanted, ModelArgument original, SeedsArgument seeds,
                         Options options, Place place)
    : wanted_(wanted),
      original_(std::move(original)),
      seeds_(std::move(seeds)),
      options_(std::move(options)),
      place_(place),
      searches_(std::make_shared<Searches>()) {}

bool PairMatcher::match(const ModelArgument& compressed,
                        ::testing::MatchResultListener* listener) const {
  const std::lock_guard<std::mutex> lock(searches_->mutex);
  Searches::Search& search = searches_->of(*this, compressed);
  switch (search.verdict) {
    case CheckVerdict::passed:
      *listener << "which agrees: " << search.text;
      return wanted_ == Wanted::agreement;
    case CheckVerdict::failed:
      *listener << "which deviates:\n" << search.text;
      return wanted_ == Wanted::deviation;
    case CheckVerdict::inconclusive:
    case CheckVerdict::error:
      break;
  }
  // No match is a match for Not(), so the test itself has to fail, once at least.
  if (!search.reported || !::testing::Test::HasFailure()) {
    search.reported = true;
    ADD_FAILURE_AT(place_.file, place_.line)
        << "It cannot be said whether " << one_line_utf8(compressed.name()) << " agrees with "
        << one_line_utf8(original_.name()) << ", so no matcher holds.\n"
        << search.text;
  }
  *listener << "of which it cannot be said whether it agrees:\n" << search.text;
  return false;
}

void PairMatcher::describe(bool agreement, std::ostream* out) const {
  *out << (agreement ? "agrees with " : "deviates from ") << one_line_utf8(original_.name())
       << (agreement ? " on all mutants of " : " on a mutant of ") << one_line_utf8(seeds_.name());
}

}  // namespace dflare::gtest
