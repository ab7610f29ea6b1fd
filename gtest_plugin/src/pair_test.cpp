#include "dflare/pair_test.hpp"

#include <fmt/format.h>

#include <mutex>
#include <vector>

#include "dflare/error.hpp"
#include "program/plain_text.hpp"

namespace dflare {

/// Models that several pairs may have in common.
class gtest::LoadedModels {
 public:
  std::shared_ptr<Model> open(const ModelArgument& model, const InputSpec& input) {
    for (const Entry& entry : entries_) {
      if (entry.argument.is(model) && entry.input == input) return entry.model;
    }
    entries_.push_back({model, input, model.open(input)});
    return entries_.back().model;
  }
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    ModelArgument argument;
    InputSpec input;
    std::shared_ptr<Model> model;
  };
  std::vector<Entry> entries_;
};

namespace {

/// What the running parameterised suite loaded. GoogleTest makes the values of a suite anew for
/// each of its tests, so that equal pairs are no copies of one another.
struct LoadedBySuite {
  gtest::LoadedModels models;
  std::vector<ModelPair> pairs;
};
LoadedBySuite& loaded_by_suite() {
  static LoadedBySuite loaded;
  return loaded;
}

std::string said_by_the_exception_in_flight() {
  try {
    throw;
  } catch (const std::exception& e) {
    return lines_utf8(e.what());
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

  void load(gtest::LoadedModels* others) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!error.empty()) throw Error(error);
    if (seeds) return;
    const auto open = [&](const gtest::ModelArgument& model) {
      return others == nullptr ? model.open(input) : others->open(model, input);
    };
    original = opened("original", [&] { return open(original_given); });
    compressed = opened("compressed", [&] { return open(compressed_given); });
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

void ModelPair::load(gtest::LoadedModels* others) const {
  state_->load(others);
}

const ModelPair::State& ModelPair::loaded() const {
  state_->load(nullptr);
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
  loaded_by_suite().pairs.push_back(GetParam());
  try {
    GetParam().load(&loaded_by_suite().models);
  } catch (const Error& e) {
    FAIL() << "No test of this pair can run: " << e.what();
  }
}

void PairTestWithParam::TearDownTestSuite() {
  for (const ModelPair& pair : loaded_by_suite().pairs) pair.unload();
  loaded_by_suite().pairs.clear();
  loaded_by_suite().models.clear();
}

}  // namespace dflare
