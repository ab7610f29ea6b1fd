#include "dflare/pair_test.hpp"

#include <fmt/format.h>

#include <mutex>
#include <vector>

#include "dflare/error.hpp"

namespace dflare {
namespace {

/// Those that the running parameterised suite loaded.
std::vector<ModelPair>& pairs_of_the_suite() {
  static std::vector<ModelPair> pairs;
  return pairs;
}

std::string said_by_the_exception_in_flight() {
  try {
    throw;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something was thrown that is no std::exception";
  }
}

}  // namespace

struct ModelPair::State {
  std::string name;
  gtest::ModelArgument original_given, compressed_given;
  gtest::SeedsArgument seeds_given;
  InputSpec input;

  std::mutex mutex;
  std::shared_ptr<Model> original, compressed;
  std::optional<SeedSet> seeds;
  std::string error;

  /// What `open` returns; its exception becomes the error.
  template <class Open>
  auto opened(const char* what, Open open) {
    try {
      return open();
    } catch (...) {
      error = fmt::format("the pair '{}' could not be loaded: {}: {}", name, what,
                          said_by_the_exception_in_flight());
      throw Error(error);
    }
  }

  void load() {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!error.empty()) throw Error(error);
    if (seeds) return;
    original = opened("original", [this] { return original_given.open(input); });
    compressed = opened("compressed", [this] { return compressed_given.open(input); });
    SeedSet opened_seeds = opened("seeds", [this] {
      SeedSet set = seeds_given.open();
      if (set.empty()) throw SeedError("the seed set is empty: give at least one seed input");
      return set;
    });
    seeds = std::move(opened_seeds);
  }

  void unload() {
    const std::lock_guard<std::mutex> lock(mutex);
    original = compressed = nullptr;
    seeds.reset();
    error.clear();
  }
};

ModelPair::ModelPair(std::string name, gtest::ModelArgument original,
                     gtest::ModelArgument compressed, gtest::SeedsArgument seeds,
                     const InputSpec& input)
    : state_(new State{std::move(name),
                       std::move(original),
                       std::move(compressed),
                       std::move(seeds),
                       input,
                       {},
                       {},
                       {},
                       {},
                       {}}) {}

const std::string& ModelPair::name() const {
  return state_->name;
}

void ModelPair::load() const {
  state_->load();
}

const ModelPair::State& ModelPair::loaded() const {
  state_->load();
  return *state_;
}

Model& ModelPair::original() const {
  return *loaded().original;
}

Model& ModelPair::compressed() const {
  return *loaded().compressed;
}

const SeedSet& ModelPair::seeds() const {
  return *loaded().seeds;
}

void ModelPair::unload() const {
  state_->unload();
}

std::ostream& operator<<(std::ostream& out, const ModelPair& pair) {
  return out << pair.name();
}

const char* const gtest::SuitePair::not_set_up =
    "no pair was loaded: a SetUpTestSuite() of the suite's own has to call that of PairTest";

void gtest::SuitePair::set_up(std::string (*reason_to_skip)(), ModelPair (*make)()) {
  tear_down();
  error_.clear();
  try {
    reason_to_skip_ = reason_to_skip();
    if (!reason_to_skip_.empty()) return;
    pair_ = make();
    pair_->load();
  } catch (...) {
    error_ = said_by_the_exception_in_flight();
  }
}

void gtest::SuitePair::tear_down() {
  if (pair_) pair_->unload();
  pair_.reset();
  reason_to_skip_.clear();
  error_ = not_set_up;
}

void gtest::SuitePair::check() const {
  if (!error_.empty()) FAIL() << "No test of this suite can run: " << error_;
  if (!reason_to_skip_.empty()) GTEST_SKIP() << reason_to_skip_;
}

const ModelPair& gtest::SuitePair::get() const {
  if (!error_.empty()) throw Error(error_);
  if (!pair_) throw Error("no pair was loaded, because the suite is skipped: " + reason_to_skip_);
  return *pair_;
}

void PairTestWithParam::SetUp() {
  pairs_of_the_suite().push_back(GetParam());
  try {
    GetParam().load();
  } catch (const Error& e) {
    FAIL() << "No test of this pair can run: " << e.what();
  }
}

void PairTestWithParam::TearDownTestSuite() {
  for (const ModelPair& pair : pairs_of_the_suite()) pair.unload();
  pairs_of_the_suite().clear();
}

}  // namespace dflare
