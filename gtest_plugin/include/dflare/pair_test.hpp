#pragma once

/// @file
/// Fixtures that load a pair of models and its seed inputs once for all tests of a suite.
///
/// @code
///   class Lenet : public dflare::PairTest<Lenet> {
///    public:
///     static dflare::ModelPair pair() { return {"Int8", "a.pt", "int8.pt", "seeds", input}; }
///   };
///   TEST_F(Lenet, Everyday) {
///     EXPECT_DEVIATION_RATE_LE(original(), compressed(), seeds(), 0.03, dflare::everyday());
///   }
///
///   using Compressed = dflare::PairTestWithParam;
///   TEST_P(Compressed, Everyday) { ... }  // as above
///   INSTANTIATE_TEST_SUITE_P(Lenet, Compressed, ::testing::Values(int8_pair, pruned_pair),
///                            dflare::PairName());
/// @endcode
///
/// Where something cannot be loaded, every test of the suite fails and says what and why.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "dflare/gtest.hpp"

namespace dflare {

namespace gtest {
class LoadedModels;  // models that several pairs share
}

/// Two models and seed inputs, loaded when they are first asked for. Copies are one and the same
/// pair.
class ModelPair {
 public:
  /// The name goes into the names of tests: letters, digits and _. Models given as a path are fed
  /// as `input` says.
  ModelPair(std::string name, gtest::ModelArgument original, gtest::ModelArgument compressed,
            gtest::SeedsArgument seeds, const InputSpec& input = {});

  const std::string& name() const;  ///< as given
  /// Loads all three. Throws Error, naming the pair, where one cannot be loaded or there are no
  /// seed inputs; it is not tried again before unload(). Models that `others` has already are taken
  /// from there.
  void load(gtest::LoadedModels* others = nullptr) const;
  /// Valid until unload(). Loads the pair as load() does.
  Model& original() const;
  /// Valid until unload(). Loads the pair as load() does.
  Model& compressed() const;
  /// At least one; valid until unload(). Loads the pair as load() does.
  const SeedSet& seeds() const;

  /// Gives the memory back. What original() and compressed() returned is gone then.
  void unload() const;

 private:
  struct State;
  const State& loaded() const;

  std::shared_ptr<State> state_;
};

/// The name, for GoogleTest's messages.
std::ostream& operator<<(std::ostream& out, const ModelPair& pair);

/// Names the tests of a parameterised suite after their pairs.
struct PairName {
  /// ModelPair::name().
  std::string operator()(const ::testing::TestParamInfo<ModelPair>& info) const {
    return info.param.name();
  }
};

namespace gtest {

/// The pair of a suite, or why there is none.
class SuitePair {
 public:
  /// Loads the pair that `make` returns, unless there is a reason to skip. Never throws.
  void set_up(std::string (*reason_to_skip)(), ModelPair (*make)());
  /// Gives the memory of the pair back.
  void tear_down();
  /// Skips or fails the running test where there is no pair.
  void check() const;
  /// Throws Error where there is none.
  const ModelPair& get() const;

 private:
  std::optional<ModelPair> pair_;
  std::string reason_to_skip_;
  std::string error_ = not_set_up;

  static const char* const not_set_up;
};

}  // namespace gtest

/// Fixture of one pair: that of the static member function pair() of `Suite`, the fixture derived
/// from it. A fixture with a SetUp(), SetUpTestSuite() or TearDownTestSuite() of its own calls the
/// one of this class.
template <class Suite>
class PairTest : public ::testing::Test {
 public:
  /// A Suite with one of its own that returns a text skips all its tests, and loads nothing.
  static std::string reason_to_skip() { return ""; }

  /// Loads the pair.
  static void SetUpTestSuite() { suite_pair().set_up(&Suite::reason_to_skip, &Suite::pair); }
  /// Gives its memory back.
  static void TearDownTestSuite() { suite_pair().tear_down(); }

 protected:
  /// Skips or fails the test where there is no pair.
  void SetUp() override { suite_pair().check(); }

  /// Of the suite's pair, valid until the suite ends. Throws Error where there is none.
  static Model& original() { return suite_pair().get().original(); }
  /// Of the suite's pair, valid until the suite ends. Throws Error where there is none.
  static Model& compressed() { return suite_pair().get().compressed(); }
  /// Of the suite's pair, valid until the suite ends. Throws Error where there is none.
  static const SeedSet& seeds() { return suite_pair().get().seeds(); }

 private:
  static gtest::SuitePair& suite_pair() {
    static gtest::SuitePair pair;
    return pair;
  }
};

/// Fixture of tests that run for each of several pairs. Each model file is loaded once for all of
/// them, when the first test needs it. A fixture with a SetUp() or TearDownTestSuite() of its own
/// calls the one of this class.
class PairTestWithParam : public ::testing::TestWithParam<ModelPair> {
 public:
  /// Gives the memory of all pairs of the suite back.
  static void TearDownTestSuite();

 protected:
  /// Loads the pair of the running test; fails the test where that is not possible.
  void SetUp() override;

  /// Of the running test's pair, valid until the suite ends.
  static Model& original() { return GetParam().original(); }
  /// Of the running test's pair, valid until the suite ends.
  static Model& compressed() { return GetParam().compressed(); }
  /// Of the running test's pair, valid until the suite ends.
  static const SeedSet& seeds() { return GetParam().seeds(); }
};

}  // namespace dflare
