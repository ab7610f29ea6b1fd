#include <mutex>
#include <vector>

#include "dflare/gmock.hpp"
#include "pair_assertion.hpp"
#include "program/plain_text.hpp"

namespace dflare::gtest {
namespace {

enum class Judgement { agrees, deviates, unknown };

/// The message of an assertion without its first line, the call.
std::string without_call(const std::string& message) {
  const std::size_t end = message.find('\n');
  return end == std::string::npos ? message : message.substr(end + 1);
}

}  // namespace

/// What was found out so far. GoogleMock asks a second time for the explanation.
struct PairMatcher::Searches {
  struct Search {
    ModelArgument compressed;
    Judgement judgement;
    std::string text;
    bool reported = false;
  };

  std::mutex mutex;
  std::vector<Search> searches;

  Search& of(const PairMatcher& matcher, const ModelArgument& compressed) {
    for (Search& search : searches) {
      if (search.compressed.is(compressed)) return search;
    }
    const std::string call =
        (matcher.wanted_ == Wanted::agreement ? "AgreesWith(" : "DeviatesFrom(") +
        one_line_utf8(matcher.original_.name() + ", " + matcher.seeds_.name()) + ")";
    std::optional<Summary> figures;
    const ::testing::AssertionResult result = assert_no_deviation(
        call, matcher.original_, compressed, matcher.seeds_, matcher.options_, figures);
    Search search{compressed, Judgement::unknown, result.message()};
    if (result) {
      search.judgement = Judgement::agrees;
      search.text.erase(0, call.size() + 2);  // ": "
    } else {
      search.text = without_call(search.text);
      if (figures && figures->errors == 0 && figures->deviating() > 0)
        search.judgement = Judgement::deviates;
    }
    searches.push_back(std::move(search));
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
  switch (search.judgement) {
    case Judgement::agrees:
      *listener << "which agrees: " << search.text;
      return wanted_ == Wanted::agreement;
    case Judgement::deviates:
      *listener << "which deviates:\n" << search.text;
      return wanted_ == Wanted::deviation;
    case Judgement::unknown:
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
