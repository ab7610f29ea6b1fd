#include "dflare/outcome.hpp"

namespace dflare {
namespace {

constexpr std::array<OutcomeRow, 7> rows = {{
    {Outcome::as_it_is, &Tally::as_it_is, "as_it_is", "as it is", true, true},
    {Outcome::found, &Tally::found, "found", "found", true, true},
    {Outcome::not_found, &Tally::not_found, "not_found", "not found", true, false},
    {Outcome::partly_searched, &Tally::partly_searched, "partly_searched", "partly searched", true,
     false},
    {Outcome::not_begun, &Tally::not_begun, "not_begun", "not begun", false, false},
    {Outcome::error, &Tally::errors, "error", "error", false, false},
    {Outcome::skipped, &Tally::skipped, "skipped", "skipped", false, false},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].outcome) != i) return false;
  }
  return true;
}
static_assert(in_order(), "rows are looked up by the number of their outcome");

constexpr const OutcomeRow& row_of(Outcome outcome) {
  return rows[static_cast<std::size_t>(outcome)];
}

template <class Wanted>
std::size_t sum_over(const Tally& tally, Wanted wanted) {
  std::size_t sum = 0;
  for (const OutcomeRow& row : rows) sum += wanted(row) ? tally.*row.count : 0;
  return sum;
}

}  // namespace

const std::array<OutcomeRow, 7>& outcomes_table() {
  return rows;
}

const char* to_string(Outcome outcome) {
  return static_cast<std::size_t>(outcome) < rows.size() ? row_of(outcome).words : "unknown";
}

bool judged(Outcome outcome) {
  return row_of(outcome).judged;
}

bool deviates(Outcome outcome) {
  return row_of(outcome).deviates;
}

std::size_t& Tally::operator[](Outcome outcome) {
  return this->*row_of(outcome).count;
}

std::size_t Tally::operator[](Outcome outcome) const {
  return this->*row_of(outcome).count;
}

Tally& Tally::operator+=(const Tally& other) {
  for (const OutcomeRow& row : rows) this->*row.count += other.*row.count;
  return *this;
}

std::size_t Tally::all() const {
  return sum_over(*this, [](const OutcomeRow&) { return true; });
}

std::size_t Tally::judged_seeds() const {
  return sum_over(*this, [](const OutcomeRow& row) { return row.judged; });
}

std::size_t Tally::deviating() const {
  return sum_over(*this, [](const OutcomeRow& row) { return row.deviates; });
}

}  // namespace dflare
