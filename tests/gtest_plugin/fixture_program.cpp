// Suites on the fixtures of dflare/pair_test.hpp that pass, fail and skip; fixture_test runs it.

#include <cstdio>
#include <map>

#include "dflare/pair_test.hpp"
#include "support/fake_models.hpp"

namespace {

using dflare::ModelPair;
using dflare::test::brightness;
using dflare::test::FakeModel;

dflare::SeedSet one_seed() {
  return dflare::SeedSet::images({dflare::Image(8, 8, CV_8UC1, cv::Scalar(20))});
}
std::shared_ptr<FakeModel> model() {
  return std::make_shared<FakeModel>(brightness(0.5));
}

class Good : public dflare::PairTest<Good> {
 public:
  static ModelPair pair() {
    std::puts("made the pair of Good");
    return {"good", model(), model(), one_seed()};
  }
};
TEST_F(Good, Agrees) {
  EXPECT_NO_DEVIATION(original(), compressed(), seeds());
}
TEST_F(Good, HasTheSamePairInEveryTest) {
  EXPECT_NE(&original(), &compressed());
  EXPECT_EQ(seeds().size(), 1U);
}
TEST_F(Good, SkipsItself) {
  GTEST_SKIP() << "not today";
}

class Missing : public dflare::PairTest<Missing> {
 public:
  static ModelPair pair() { return {"missing", model(), "nowhere.pt", one_seed()}; }
};
TEST_F(Missing, One) {
  std::puts("the body ran");
}
TEST_F(Missing, Two) {
  std::puts("the body ran");
}

class MissingSeeds : public dflare::PairTest<MissingSeeds> {
 public:
  static ModelPair pair() { return {"missing_seeds", model(), model(), "nowhere"}; }
};
TEST_F(MissingSeeds, One) {}

class NoSeeds : public dflare::PairTest<NoSeeds> {
 public:
  static ModelPair pair() { return {"no_seeds", model(), model(), one_seed().skip(1)}; }
};
TEST_F(NoSeeds, One) {}

class Throws : public dflare::PairTest<Throws> {
 public:
  static ModelPair pair() { throw std::runtime_error("pair() is out of order"); }
};
TEST_F(Throws, One) {}

class ThrowsANumber : public dflare::PairTest<ThrowsANumber> {
 public:
  static ModelPair pair() { throw 42; }
};
TEST_F(ThrowsANumber, One) {}

class Skipped : public dflare::PairTest<Skipped> {
 public:
  static std::string reason_to_skip() { return "no models on this machine"; }
  static ModelPair pair() { throw std::logic_error("must not be asked for"); }
};
TEST_F(Skipped, One) {
  std::puts("the body ran");
}

class SkippedUnasked : public Skipped {
 public:
  void SetUp() override {}
};
TEST_F(SkippedUnasked, One) {
  original();
}

class Hidden : public dflare::PairTest<Hidden> {
 public:
  static ModelPair pair() { return {"hidden", model(), model(), one_seed()}; }
  static void SetUpTestSuite() {}
};
TEST_F(Hidden, One) {}

class Unasked : public dflare::PairTest<Unasked> {
 public:
  static ModelPair pair() { return {"unasked", "nowhere.pt", model(), one_seed()}; }
  void SetUp() override {}
};
TEST_F(Unasked, One) {
  original();
}

// fixture_test puts a.pt, b.pt and seeds beside it.
using Each = dflare::PairTestWithParam;
TEST_P(Each, Agrees) {
  EXPECT_NO_DEVIATION(original(), compressed(), seeds(), dflare::Options().queries(5));
}
/// The model under that name when this was first asked; only an address, so nothing keeps it.
dflare::Model* first_seen(const std::string& name, dflare::Model& model) {
  static std::map<std::string, dflare::Model*> seen;
  return seen.emplace(name, &model).first->second;
}
TEST_P(Each, IsLoaded) {
  EXPECT_EQ(first_seen("original", original()), &original()) << "it is that of both pairs";
  EXPECT_EQ(first_seen(GetParam().name(), compressed()), &compressed());
}
TEST_P(Each, IsStillLoaded) {
  EXPECT_EQ(first_seen("original", original()), &original());
  EXPECT_EQ(first_seen(GetParam().name(), compressed()), &compressed());
}
INSTANTIATE_TEST_SUITE_P(Some, Each,
                         ::testing::Values(ModelPair("first", "a.pt", "a.pt", "seeds"),
                                           ModelPair("second", "a.pt", "b.pt", "seeds"),
                                           ModelPair("broken", "a.pt", "nowhere.pt", "seeds")),
                         dflare::PairName());

}  // namespace
