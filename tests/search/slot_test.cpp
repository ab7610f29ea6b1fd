// The search from one seed input, without an engine: images out, answers in.

#include "search/engine/slot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "dflare/error.hpp"
#include "search/scripted.hpp"

namespace dflare {
namespace {

using test::flat;
using test::flats;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// --- phases
// ---------------------------------------------------------------------------------------

TEST(SlotPhases, HaveTheseTransitionsAndNoOthers) {
  using Phase = SlotPhase;
  using Event = SlotEvent;
  const std::map<std::pair<Phase, Event>, Phase> expected = {
      {{Phase::free, Event::taken}, Phase::unread},
      {{Phase::unread, Event::read}, Phase::first_look},
      {{Phase::unread, Event::ended}, Phase::free},
      {{Phase::first_look, Event::looked_at}, Phase::searching},
      {{Phase::first_look, Event::ended}, Phase::free},
      {{Phase::searching, Event::chain_over}, Phase::minimising},
      {{Phase::searching, Event::ended}, Phase::free},
      {{Phase::minimising, Event::ended}, Phase::free}};
  for (const Phase phase :
       {Phase::free, Phase::unread, Phase::first_look, Phase::searching, Phase::minimising}) {
    for (const Event event :
         {Event::taken, Event::read, Event::looked_at, Event::chain_over, Event::ended}) {
      const auto found = expected.find({phase, event});
      if (found == expected.end()) {
        EXPECT_THROW(next_phase(phase, event), std::logic_error)
            << static_cast<int>(phase) << " " << static_cast<int>(event);
      } else {
        EXPECT_EQ(next_phase(phase, event), found->second);
      }
    }
  }
}

// --- what is asked and answered
// -------------------------------------------------------------------

/// Two models' probabilities of two classes.
struct Told {
  std::vector<float> original, compressed;
  std::string error{};
};

const Told agreed = {{0.9F, 0.1F}, {0.8F, 0.2F}};
const Told deviating = {{0.7F, 0.3F}, {0.4F, 0.6F}};
const Told worse = {{0.8F, 0.2F}, {0.4F, 0.6F}};
const Told failed = {{}, {}, "the compressed model failed: no memory"};

/// Of a batch, and what the same images are answered alone: the same, where nothing else is said.
class Script : public SlotAnswers {
 public:
  explicit Script(std::vector<Told> batch) : told_(std::move(batch)) {}
  Script& alone(std::size_t k, Told told) {
    alone_[k] = std::move(told);
    return *this;
  }

  std::string error(std::size_t k) const override { return told_.at(k).error; }
  Answer answer(std::size_t k) const override {
    const Told& told = told_.at(k);
    return {{told.original.data(), static_cast<int>(told.original.size())},
            {told.compressed.data(), static_cast<int>(told.compressed.size())}};
  }
  std::string confirm(std::size_t k, const Image& image) override {
    confirmed.push_back(image.at<unsigned char>(0, 0));
    const auto other = alone_.find(k);
    if (other == alone_.end()) return "";
    if (other->second.error.empty()) told_.at(k) = other->second;
    return other->second.error;
  }

  std::vector<int> confirmed;  // levels of the images

 private:
  std::vector<Told> told_;
  std::map<std::size_t, Told> alone_;
};

class NoGradients : public Gradients {
 public:
  cv::Mat original(const Image&, int, int) override { return {}; }
  cv::Mat compressed(const Image&, int, int) override { throw ModelError("it has none"); }
};

class Kept : public BlockListener {
 public:
  void deviation(Deviation& d) override { deviations.push_back(d); }
  void failure(const Failure& f) override { failures.push_back(f); }
  void round_done(std::uint64_t, std::size_t, std::size_t) override {}

  std::vector<Deviation> deviations;
  std::vector<Failure> failures;
};

/// Follows a script, notes the compressed model's score of the second class in all answers, and
/// asks for gradients where it is told to.
class NotingStrategy : public Strategy {
 public:
  NotingStrategy(std::vector<Image> mutants, std::size_t at_once)
      : mutants_(std::move(mutants)), at_once_(at_once) {}

  std::unique_ptr<Chain> start(const Seed&, const Answer&) const override {
    return std::make_unique<Noting>(*this);
  }

  bool asks_original = false, asks_compressed = false;
  mutable std::vector<float> noted;

 private:
  class Noting : public test::Script {
   public:
    explicit Noting(const NotingStrategy& strategy)
        : Script(strategy.mutants_, strategy.at_once_), strategy_(strategy) {}
    void propose(std::vector<Image>& mutants, Gradients& gradients) override {
      if (strategy_.asks_original) gradients.original({}, 0, 1);
      if (strategy_.asks_compressed) gradients.compressed({}, 0, 1);
      Script::propose(mutants, gradients);
    }
    void observe(const std::vector<Answer>& answers) override {
      for (const Answer& answer : answers) strategy_.noted.push_back(answer.compressed[1]);
    }

   private:
    const NotingStrategy& strategy_;
  };

  std::vector<Image> mutants_;
  std::size_t at_once_;
};

class ASlot : public ::testing::Test {
 protected:
  ASlot() { input_.size = {6, 6}, input_.channels = 1; }

  /// The slot, which has taken the only seed input, of level 50; its chain proposes images of these
  /// levels.
  Slot& take(const std::vector<int>& levels = {}, std::size_t at_once = 1) {
    strategy_ = std::make_unique<NotingStrategy>(flats(levels), at_once);
    context_ =
        std::make_unique<SlotContext>(SlotContext{seeds_, input_, options_, *strategy_, listener_});
    slot_ = std::make_unique<Slot>(*context_);
    slot_->take(result_);
    return *slot_;
  }
  /// The same, up to the first look, whose answer this is.
  Slot& look(const std::vector<int>& levels, const Told& first = agreed, std::size_t at_once = 1) {
    take(levels, at_once);
    EXPECT_TRUE(prepare());
    observe({first});
    return *slot_;
  }
  bool prepare() { return slot_->prepare(gradients_, counts_); }
  void observe(std::vector<Told> batch) {
    Script answers(std::move(batch));
    observe(answers);
  }
  void observe(Script& answers) { slot_->observe(answers, counts_); }

  std::vector<int> proposed() const {
    std::vector<int> levels;
    for (const Image& image : slot_->images()) levels.push_back(image.at<unsigned char>(0, 0));
    return levels;
  }

  SeedSet seeds_ = SeedSet::images({flat(50)}, {0}, {"grey"});
  InputSpec input_;
  Options options_;
  NoGradients gradients_;
  Kept listener_;
  Counts counts_;
  SeedResult result_;
  std::unique_ptr<NotingStrategy> strategy_;
  std::unique_ptr<SlotContext> context_;
  std::unique_ptr<Slot> slot_;
};

// --- from phase to phase
// --------------------------------------------------------------------------

TEST_F(ASlot, ReadsLooksAndSearchesUntilItsChainHasNothingMoreToTry) {
  Slot& slot = take({60, 70, 80}, 2);
  EXPECT_EQ(slot.phase(), SlotPhase::unread);
  EXPECT_THAT(slot.images(), IsEmpty());
  ASSERT_TRUE(prepare());
  EXPECT_EQ(slot.phase(), SlotPhase::first_look);
  EXPECT_THAT(proposed(), ElementsAre(50));
  observe({agreed});
  EXPECT_EQ(slot.phase(), SlotPhase::searching);
  EXPECT_THAT(slot.images(), IsEmpty()) << "asked for only when there is room in a batch";
  ASSERT_TRUE(prepare());
  EXPECT_THAT(proposed(), ElementsAre(60, 70));
  ASSERT_TRUE(prepare());
  EXPECT_THAT(proposed(), ElementsAre(60, 70)) << "they have not been answered";
  observe({agreed, agreed});
  ASSERT_TRUE(prepare());
  EXPECT_THAT(proposed(), ElementsAre(80));
  observe({agreed});
  EXPECT_FALSE(prepare());
  EXPECT_EQ(slot.phase(), SlotPhase::free);
  EXPECT_EQ(result_.outcome, Outcome::not_found);
  EXPECT_EQ(result_.queries, 3);
  EXPECT_EQ(result_.paths, 3);
  EXPECT_EQ(counts_.queries, 3U);
  EXPECT_EQ(counts_.first_looks, 1U);
  EXPECT_EQ(counts_.confirmations, 0U);
  EXPECT_THAT(strategy_->noted, SizeIs(3));
  EXPECT_THAT(listener_.deviations, IsEmpty());
}

TEST_F(ASlot, ThatIsFreeDoesNothing) {
  look({});
  ASSERT_FALSE(prepare());
  EXPECT_TRUE(slot_->is_free());
  const Outcome before = result_.outcome;
  EXPECT_FALSE(prepare());
  slot_->stop();
  EXPECT_EQ(result_.outcome, before);
}

TEST_F(ASlot, NotesWhatTheModelsSayOfTheSeedInput) {
  look({60}, {{0.2F, 0.8F}, {0.3F, 0.7F}});
  EXPECT_EQ(result_.seed_original_label, 1);
  EXPECT_EQ(result_.seed_compressed_label, 1);
  EXPECT_TRUE(result_.seed_agrees);
}

TEST_F(ASlot, TakesAnotherSeedInputAfterTheFirst) {
  look({});
  ASSERT_FALSE(prepare());
  slot_->take(result_);
  EXPECT_EQ(slot_->phase(), SlotPhase::unread);
}

// --- deviations
// -----------------------------------------------------------------------------------

TEST_F(ASlot, EndsAtTheFirstDeviationThatIsOneAlone) {
  look({60, 70, 80, 90}, agreed, 3);
  ASSERT_TRUE(prepare());
  Script answers({agreed, deviating, worse});
  observe(answers);
  EXPECT_TRUE(slot_->is_free());
  EXPECT_EQ(result_.outcome, Outcome::found);
  EXPECT_EQ(result_.queries, 3);
  EXPECT_FLOAT_EQ(static_cast<float>(result_.regret), 0.4F);
  EXPECT_EQ(result_.original_label, 0);
  EXPECT_EQ(result_.compressed_label, 1);
  EXPECT_EQ(result_.distances.l_inf, 20);
  EXPECT_THAT(answers.confirmed, ElementsAre(70));
  EXPECT_EQ(counts_.confirmations, 1U);
  EXPECT_EQ(counts_.refuted, 0U);
  ASSERT_THAT(listener_.deviations, SizeIs(1));
  const Deviation& found = listener_.deviations[0];
  EXPECT_TRUE(same_pixels(found.mutant, flat(70)));
  EXPECT_EQ(found.seed.id, "grey");
  EXPECT_FALSE(found.as_it_is);
  EXPECT_EQ(found.history.at(0).strength, 1);
}

TEST_F(ASlot, GoesOnWithTheAnswerAloneWhereThatIsNoDeviation) {
  look({60, 70});
  ASSERT_TRUE(prepare());
  Script answers({deviating});
  observe(answers.alone(0, agreed));
  EXPECT_EQ(slot_->phase(), SlotPhase::searching);
  EXPECT_EQ(counts_.confirmations, 1U);
  EXPECT_EQ(counts_.refuted, 1U);
  EXPECT_THAT(strategy_->noted, ElementsAre(agreed.compressed[1]));
  EXPECT_THAT(listener_.deviations, IsEmpty());
}

TEST_F(ASlot, JudgesADeviationByItsAnswerAlone) {
  look({60});
  ASSERT_TRUE(prepare());
  Script answers({worse});
  observe(answers.alone(0, deviating));
  EXPECT_FLOAT_EQ(static_cast<float>(result_.regret), 0.4F);
}

TEST_F(ASlot, KeepsTheWorstUntilItsChainIsOver) {
  options_.objective(Objective::worst);
  look({60, 70, 80});
  for (const Told& told : {deviating, worse, deviating}) {
    ASSERT_TRUE(prepare());
    observe({told});
    EXPECT_EQ(slot_->phase(), SlotPhase::searching);
  }
  EXPECT_EQ(counts_.confirmations, 2U) << "the third is no worse than what is known";
  EXPECT_FALSE(prepare());
  ASSERT_THAT(listener_.deviations, SizeIs(1));
  EXPECT_TRUE(same_pixels(listener_.deviations[0].mutant, flat(70)));
  EXPECT_EQ(listener_.deviations[0].queries, 2);
  EXPECT_EQ(result_.queries, 3);
  EXPECT_FALSE(result_.cut_short);
  EXPECT_EQ(result_.closeness, 0) << "of the objective closest alone";
}

TEST_F(ASlot, KeepsTheNearestUntilItsChainIsOver) {
  options_.objective(Objective::closest).closest_by(Distance::l_inf);
  look({80, 60, 70});
  for (int k = 0; k < 3; ++k) {
    ASSERT_TRUE(prepare());
    observe({deviating});
  }
  EXPECT_FALSE(prepare());
  EXPECT_TRUE(same_pixels(listener_.deviations.at(0).mutant, flat(60)));
  EXPECT_EQ(result_.closeness, 10);
}

TEST_F(ASlot, EndsWithASeedInputThatDeviatesAsItIs) {
  for (const Objective objective : {Objective::first, Objective::closest}) {
    options_.objective(objective);
    look({60}, deviating);
    EXPECT_TRUE(slot_->is_free());
    EXPECT_EQ(result_.outcome, Outcome::as_it_is);
    EXPECT_EQ(result_.queries, 0);
    EXPECT_TRUE(listener_.deviations.back().as_it_is);
  }
}

TEST_F(ASlot, LooksForSomethingWorseThanASeedInputThatDeviates) {
  options_.objective(Objective::worst);
  look({60}, deviating);
  EXPECT_EQ(slot_->phase(), SlotPhase::searching);
  ASSERT_TRUE(prepare());
  observe({worse});
  EXPECT_FALSE(prepare());
  EXPECT_EQ(result_.outcome, Outcome::found);
  look({60}, worse);
  ASSERT_TRUE(prepare());
  observe({deviating});
  EXPECT_FALSE(prepare());
  EXPECT_EQ(result_.outcome, Outcome::as_it_is);
}

TEST_F(ASlot, IsNoDeviationWhereTheSeedInputIsNoneAlone) {
  take({60});
  ASSERT_TRUE(prepare());
  Script answers({deviating});
  observe(answers.alone(0, agreed));
  EXPECT_EQ(slot_->phase(), SlotPhase::searching);
  EXPECT_EQ(counts_.refuted, 1U);
}

// --- minimising
// -----------------------------------------------------------------------------------

TEST_F(ASlot, MinimisesWhatItFound) {
  options_.minimise(true).minimise_queries(2);
  look({90});
  ASSERT_TRUE(prepare());
  observe({deviating});
  EXPECT_EQ(slot_->phase(), SlotPhase::minimising);
  EXPECT_THAT(slot_->images(), IsEmpty());
  EXPECT_THAT(listener_.deviations, IsEmpty()) << "it may come nearer yet";
  for (int k = 0; k < 2; ++k) {
    ASSERT_TRUE(prepare());
    const int level = proposed().at(0);
    EXPECT_GT(level, 50);
    EXPECT_LT(level, 90);
    observe({deviating});
    EXPECT_EQ(slot_->phase(), SlotPhase::minimising);
  }
  EXPECT_FALSE(prepare());
  EXPECT_TRUE(slot_->is_free());
  EXPECT_EQ(result_.outcome, Outcome::found);
  EXPECT_EQ(counts_.queries, 1U);
  EXPECT_EQ(counts_.minimising, 2U);
  EXPECT_EQ(result_.queries, 1);
  EXPECT_EQ(result_.paths, 1);
  EXPECT_LT(listener_.deviations.at(0).distances.l_inf, 40);
}

TEST_F(ASlot, MinimisesWhenItsChainIsOverUnderAnotherObjective) {
  options_.minimise(true).minimise_queries(1).objective(Objective::closest);
  look({90});
  ASSERT_TRUE(prepare());
  observe({deviating});
  EXPECT_EQ(slot_->phase(), SlotPhase::searching);
  ASSERT_TRUE(prepare()) << "of the minimiser";
  EXPECT_EQ(slot_->phase(), SlotPhase::minimising);
  observe({agreed});
  EXPECT_FALSE(prepare());
  EXPECT_TRUE(same_pixels(listener_.deviations.at(0).mutant, flat(90)));
}

TEST_F(ASlot, NeverMinimisesASeedInputThatDeviatesAsItIs) {
  options_.minimise(true).objective(Objective::worst);
  look({60}, worse);
  ASSERT_TRUE(prepare());
  observe({deviating});
  EXPECT_FALSE(prepare());
  EXPECT_TRUE(slot_->is_free());
  EXPECT_EQ(result_.outcome, Outcome::as_it_is);
  EXPECT_EQ(counts_.minimising, 0U);
}

// --- failures, skips and stops
// --------------------------------------------------------------------

TEST_F(ASlot, EndsWithAnErrorWhereAModelFails) {
  take({60});
  ASSERT_TRUE(prepare());
  observe({failed});
  EXPECT_TRUE(slot_->is_free());
  EXPECT_EQ(result_.outcome, Outcome::error);
  EXPECT_THAT(*result_.why, HasSubstr("no memory"));
  EXPECT_EQ(result_.seed_original_label, -1);

  look({60, 70}, agreed, 2);
  ASSERT_TRUE(prepare());
  observe({agreed, failed});
  EXPECT_TRUE(slot_->is_free());
  ASSERT_THAT(listener_.failures, SizeIs(2));
  EXPECT_TRUE(same_pixels(listener_.failures[0].image, flat(50)));
  EXPECT_TRUE(same_pixels(listener_.failures[1].image, flat(70)));
  EXPECT_EQ(listener_.failures[1].seed_id, "grey");
  EXPECT_THAT(strategy_->noted, IsEmpty()) << "the chain is over";
}

TEST_F(ASlot, EndsWithAnErrorWhereAModelFailsAloneAndHandsOverWhatWasFound) {
  options_.objective(Objective::worst);
  look({60, 70});
  ASSERT_TRUE(prepare());
  observe({deviating});
  ASSERT_TRUE(prepare());
  Script answers({worse});
  observe(answers.alone(0, failed));
  EXPECT_EQ(result_.outcome, Outcome::error);
  EXPECT_EQ(counts_.refuted, 0U) << "it was not judged";
  EXPECT_TRUE(same_pixels(listener_.deviations.at(0).mutant, flat(60)));
  EXPECT_THAT(listener_.failures, SizeIs(1));
}

TEST_F(ASlot, CountsGradientsAndEndsWithAnErrorWhereTheyFail) {
  look({60, 70});
  strategy_->asks_original = true;
  ASSERT_TRUE(prepare());
  observe({agreed});
  strategy_->asks_compressed = true;
  EXPECT_FALSE(prepare());
  EXPECT_EQ(result_.outcome, Outcome::error);
  EXPECT_THAT(*result_.why, HasSubstr("it has none"));
  EXPECT_EQ(result_.gradients, 3);
  EXPECT_EQ(counts_.gradients, 3U);
}

TEST_F(ASlot, AnImageThatCannotBeReadIsAnErrorOrSkipped) {
  class Damaged : public SeedSource {
   public:
    std::size_t size() const override { return 1; }
    std::string id(std::size_t) const override { return "damaged.png"; }
    std::optional<int> label(std::size_t) const override { return {}; }
    Image load(std::size_t) const override { throw SeedError("damaged.png: no image"); }
    std::string name() const override { return "images"; }
  };
  seeds_ = SeedSet(std::make_shared<Damaged>());
  take();
  EXPECT_FALSE(prepare());
  EXPECT_TRUE(slot_->is_free());
  EXPECT_EQ(result_.outcome, Outcome::error);
  EXPECT_THAT(listener_.failures, SizeIs(1));
  options_.unreadable(Unreadable::skip);
  take();
  EXPECT_FALSE(prepare());
  EXPECT_EQ(result_.outcome, Outcome::skipped);
  EXPECT_THAT(*result_.why, HasSubstr("damaged.png"));
  EXPECT_THAT(listener_.failures, SizeIs(1));
}

TEST_F(ASlot, SkipsSeedInputsThatTheOriginalMissesIfAsked) {
  const Told missed = {{0.1F, 0.9F}, {0.2F, 0.8F}};
  look({60}, missed);
  EXPECT_EQ(slot_->phase(), SlotPhase::searching);
  options_.misclassified(Misclassified::skip);
  look({60}, missed);
  EXPECT_TRUE(slot_->is_free());
  EXPECT_EQ(result_.outcome, Outcome::skipped);
}

TEST_F(ASlot, SaysHowFarItCameWhenItIsStopped) {
  take({60});
  slot_->stop();
  EXPECT_EQ(result_.outcome, Outcome::not_begun);
  look({60});
  slot_->stop();
  EXPECT_EQ(result_.outcome, Outcome::not_begun) << "no query was made";
  look({60});
  ASSERT_TRUE(prepare());
  observe({agreed});
  slot_->stop();
  EXPECT_EQ(result_.outcome, Outcome::partly_searched);

  options_.objective(Objective::worst);
  look({60});
  ASSERT_TRUE(prepare());
  observe({deviating});
  slot_->stop();
  EXPECT_EQ(result_.outcome, Outcome::found);
  EXPECT_TRUE(result_.cut_short);
}

}  // namespace
}  // namespace dflare
