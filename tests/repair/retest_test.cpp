#include "retest/retest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>

#include "dflare/finding.hpp"
#include "search/linear_model.hpp"
#include "support/fake_models.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace {

using namespace dflare;
using namespace dflare::repair;
using dflare::test::FakeModel;
using dflare::test::fresh_folder;
using dflare::test::LinearModel;
using dflare::test::message_of;
using dflare::test::picture;
using ::testing::HasSubstr;

constexpr int side = 8;
constexpr std::size_t unseen_count = 70;  // more than a batch

SeedSet pictures(std::size_t count, const std::vector<int>& labels = {}) {
  std::vector<Image> images;
  for (std::size_t i = 0; i < count; ++i)
    images.push_back(picture(side, side, 1, static_cast<int>(i)));
  return SeedSet::images(images, labels);
}

LinearModel linear(double perturbation) {
  LinearModel::Settings settings;
  settings.perturbation = perturbation;
  return LinearModel(side, 1, settings);
}

Settings small_retest() {
  Settings settings;
  settings.unseen = pictures(unseen_count);
  settings.retest.first_queries = 100;
  settings.retest.worst_queries = 20;
  settings.retest.everyday_queries = 5;
  settings.retest.dflare_queries = 20;
  settings.workers = 2;
  return settings;
}

Settings nothing_searched() {
  Settings settings = small_retest();
  settings.retest = {0, 0, 0, 0};
  return settings;
}

/// A pair that differs much, and what the re-test says of it.
struct Retesting {
  LinearModel original = linear(0), compressed = linear(0.4);
  Settings settings = small_retest();
  std::string findings;
  Measured before;
  UnseenInputs inputs;

  void measure_before() {
    inputs = repair::measure_before(original, {"before", &compressed, Facts{7, 6, 5, 4, 3}},
                                    settings, before, findings, nullptr, {});
  }
  Measured measure(Model& model, const std::string& name = "repaired") {
    return repair::measure(original, {name, &model, {}}, inputs, settings, nullptr, {});
  }
};

bool ordered(const std::vector<Deviation>& inputs) {
  return std::is_sorted(inputs.begin(), inputs.end(), [](const Deviation& a, const Deviation& b) {
    return a.position < b.position;
  });
}

TEST(MeasureBefore, SearchesTheUnseenSeedsForAllThatIsAsked) {
  Retesting run;
  run.measure_before();
  ASSERT_TRUE(run.before.first_search && run.before.worst_search && run.before.everyday_search &&
              run.before.dflare_search);
  EXPECT_EQ(run.before.name, "before");
  EXPECT_EQ(run.before.facts.bytes, 7U);
  EXPECT_EQ(run.before.first_search->seeds, unseen_count);
  EXPECT_FALSE(run.before.first || run.before.worst);
  EXPECT_FALSE(run.inputs.worst.empty());
  EXPECT_EQ(run.inputs.first.size(), run.before.first_search->deviating());
  EXPECT_EQ(run.inputs.worst.size(), run.before.worst_search->deviating());
  EXPECT_TRUE(ordered(run.inputs.first) && ordered(run.inputs.worst));
}

TEST(MeasureBefore, KeepsInputsThatDeviateAsTheyAre) {
  Retesting run;
  run.measure_before();
  ASSERT_GT(run.before.first_search->as_it_is, 0U);
  const auto as_they_are = std::count_if(run.inputs.first.begin(), run.inputs.first.end(),
                                         [](const Deviation& d) { return d.as_it_is; });
  EXPECT_EQ(static_cast<std::size_t>(as_they_are), run.before.first_search->as_it_is);
}

TEST(MeasureBefore, WritesTheWorstOnesAsAFolderOfFindings) {
  Retesting run;
  run.findings = fresh_folder();
  run.measure_before();
  std::size_t findings = 0;
  namespace fs = boost::filesystem;
  for (const auto& entry : fs::directory_iterator(run.findings))
    findings += fs::exists(entry.path() / "finding.json");
  EXPECT_EQ(findings, run.inputs.worst.size());
  EXPECT_THAT(read_file(run.findings + "/run.json"), HasSubstr("dflare_run"));
}

TEST(MeasureBefore, LeavesOutSearchesWithoutQueries) {
  Retesting run;
  run.settings = nothing_searched();
  run.measure_before();
  EXPECT_FALSE(run.before.first_search || run.before.worst_search || run.before.everyday_search ||
               run.before.dflare_search);
  EXPECT_TRUE(run.inputs.first.empty() && run.inputs.worst.empty());
  EXPECT_EQ(run.before.agreement_images, unseen_count);
  const Measured after = run.measure(run.original);
  EXPECT_FALSE(after.first || after.worst || after.first_search || after.worst_search);
}

TEST(Measure, FindsAllRepairedByTheOriginalItself) {
  Retesting run;
  run.measure_before();
  LinearModel perfect = linear(0);
  const Measured after = run.measure(perfect);
  EXPECT_EQ(after.worst->inputs, run.inputs.worst.size());
  EXPECT_EQ(after.worst->share(), 1);
  EXPECT_EQ(after.first->share(), 1);
  EXPECT_EQ(after.worst_search->deviating(), 0U);
  EXPECT_EQ(after.agreements, unseen_count);
  EXPECT_FALSE(after.agreement_on_test_set);
}

TEST(Measure, FindsNoneRepairedByTheModelAsItWas) {
  Retesting run;
  run.measure_before();
  const Measured after = run.measure(run.compressed, "control");
  EXPECT_EQ(after.name, "control");
  EXPECT_EQ(after.worst->repaired, 0U);
  EXPECT_EQ(after.first->repaired, 0U);
  EXPECT_EQ(after.worst_search->mean_worst_regret, run.before.worst_search->mean_worst_regret);
  EXPECT_EQ(after.agreements, run.before.agreements);
}

TEST(Measure, IsTheSameWhateverTheWorkers) {
  const auto figures = [](int workers) {
    Retesting run;
    run.settings.workers = workers;
    run.measure_before();
    LinearModel better = linear(0.1);
    const Measured after = run.measure(better);
    return std::make_tuple(after.first->each, after.worst->each, after.agreements,
                           after.worst_search->mean_worst_regret, after.dflare_search->mean_queries,
                           run.before.agreements);
  };
  EXPECT_EQ(figures(1), figures(3));
}

std::vector<float> ties(const Image&, std::size_t, std::size_t) {
  return {0.5F, 0.5F};
}

TEST(Measure, FindsNothingRepairedByAModelThatIsMerelyUnsure) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6)), unsure(ties);
  Settings settings = small_retest();
  settings.retest = {100, 20, 0, 0};
  Measured before;
  const UnseenInputs inputs =
      measure_before(original, {"before", &compressed, {}}, settings, before, "", nullptr, {});
  ASSERT_FALSE(inputs.first.empty() || inputs.worst.empty());
  const Measured after =
      measure(original, {"repaired", &unsure, {}}, inputs, settings, nullptr, {});
  EXPECT_EQ(after.first->repaired, 0U);
  EXPECT_EQ(after.worst->repaired, 0U);
  EXPECT_EQ(after.agreements, 0U);
  // It never deviates by label, yet regret sees it.
  EXPECT_GT(after.worst_search->mean_worst_regret, before.worst_search->mean_worst_regret);
  EXPECT_EQ(after.worst_search->mean_worst_margin, 0);
}

/// Says what `honest` says of an image alone, and nonsense of one among others.
FakeModel::Function only_alone(const FakeModel::Function& honest) {
  return [honest](const Image& image, std::size_t place, std::size_t batch) {
    std::vector<float> scores = honest(image, place, batch);
    if (batch > 1) std::reverse(scores.begin(), scores.end());
    return scores;
  };
}

TEST(Measure, EvaluatesEachInputAlone) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  Settings settings = small_retest();
  settings.retest = {100, 20, 0, 0};
  Measured before;
  const UnseenInputs inputs =
      measure_before(original, {"before", &compressed, {}}, settings, before, "", nullptr, {});
  ASSERT_FALSE(inputs.first.empty());
  FakeModel candidate(only_alone(test::brightness(0.5)));
  const Measured after =
      measure(original, {"repaired", &candidate, {}}, inputs, settings, nullptr, {});
  EXPECT_EQ(after.first->share(), 1);
}

// --- labels

SeedSet grey_levels(const std::vector<int>& levels, const std::vector<int>& labels = {},
                    int size = side) {
  std::vector<Image> images;
  for (const int level : levels) images.emplace_back(size, size, CV_8UC1, cv::Scalar(level));
  return SeedSet::images(images, labels);
}

/// 'bright' above the level, sure of it.
FakeModel::Function above(double level) {
  return [level](const Image& image, std::size_t, std::size_t) {
    return test::mean_pixel(image) * 255 > level ? std::vector<float>{0.1F, 0.9F}
                                                 : std::vector<float>{0.9F, 0.1F};
  };
}

Measured labels_of_pair(Model& original, Model& compressed, const Settings& settings) {
  Measured measured;
  measure_before(original, {"before", &compressed, {}}, settings, measured, "", nullptr, {});
  return measured;
}

TEST(Labels, AreComparedOnTheTestSetWhereThereIsOne) {
  FakeModel original(above(100)), compressed(above(150));
  Settings settings = nothing_searched();
  settings.test = grey_levels({50, 120, 140, 200}, {0, 1, 0, 1});
  const Measured measured = labels_of_pair(original, compressed, settings);
  EXPECT_TRUE(measured.agreement_on_test_set);
  EXPECT_EQ(measured.agreement_images, 4U);
  EXPECT_EQ(measured.agreements, 2U);
  EXPECT_EQ(measured.accuracy, 0.75);
  EXPECT_EQ(accuracy_of(original, *settings.test), 0.75);
  EXPECT_EQ(accuracy_of(compressed, grey_levels({50, 120}, {0, 1})), 0.5);
}

TEST(Labels, GiveNoAccuracyWhereTheyAreNotKnown) {
  FakeModel original(above(100)), compressed(above(150));
  Settings settings = nothing_searched();
  settings.test = grey_levels({50, 120});
  EXPECT_EQ(labels_of_pair(original, compressed, settings).accuracy, std::nullopt);
  EXPECT_EQ(accuracy_of(original, *settings.test), std::nullopt);
  settings.unseen = grey_levels({50, 120}, {0, 1});
  settings.test.reset();
  EXPECT_EQ(labels_of_pair(original, compressed, settings).accuracy, std::nullopt);
}

TEST(Labels, AgreeWhereTheyAreTied) {
  FakeModel original(ties);
  FakeModel compressed(above(100));
  Settings settings = nothing_searched();
  settings.test = grey_levels({50, 150});
  EXPECT_EQ(labels_of_pair(original, compressed, settings).agreements, 2U);
}

TEST(Labels, OfAModelThatTiesDoNotAgree) {
  FakeModel original(above(100)), unsure(ties);
  Settings settings = nothing_searched();
  settings.test = grey_levels({50, 150});
  EXPECT_EQ(labels_of_pair(original, unsure, settings).agreements, 0U);
}

TEST(Labels, AreOfImagesAtTheOriginalsInputSize) {
  InputSpec resizing = test::probabilities_of_grey(side);
  resizing.resize = true;
  FakeModel original(above(100), ModelInfo{}, resizing);
  FakeModel compressed([](const Image& image, std::size_t, std::size_t) {
    EXPECT_EQ(image.rows, side);
    return std::vector<float>{0.1F, 0.9F};
  });
  Settings settings = nothing_searched();
  settings.test = grey_levels({200}, {}, 2 * side);
  EXPECT_EQ(labels_of_pair(original, compressed, settings).agreements, 1U);
}

TEST(Labels, OfImagesOfSeveralSizesAreComparedToo) {
  InputSpec any = test::probabilities_of_grey(side);
  any.size = {};
  FakeModel original(above(100), ModelInfo{}, any), compressed(above(150), ModelInfo{}, any);
  Settings settings = nothing_searched();
  std::vector<Image> images;
  for (const int size : {8, 9, 9, 8})
    images.emplace_back(size, size, CV_8UC1, cv::Scalar(size == 9 ? 120 : 200));
  settings.test = SeedSet::images(images);
  const Measured measured = labels_of_pair(original, compressed, settings);
  EXPECT_EQ(measured.agreement_images, 4U);
  EXPECT_EQ(measured.agreements, 2U);
}

// --- errors and stops

TEST(RetestErrors, OfAModelNameTheSeedInput) {
  FakeModel original(above(100));
  FakeModel broken([](const Image&, std::size_t, std::size_t) -> std::vector<float> {
    throw std::runtime_error("out of luck");
  });
  Settings settings = small_retest();
  settings.unseen = grey_levels({50, 200});
  EXPECT_THAT(
      message_of<ModelError>([&] { labels_of_pair(original, broken, settings); }),
      ::testing::AllOf(HasSubstr("searching the unseen seeds (first), before: seed input '0': "),
                       HasSubstr("out of luck"), HasSubstr("nothing is written")));
}

const float nan_value = std::numeric_limits<float>::quiet_NaN();

/// NaN for images brighter than the level.
FakeModel::Function nan_above(double level) {
  return [level](const Image& image, std::size_t, std::size_t) {
    return test::mean_pixel(image) * 255 > level ? std::vector<float>{nan_value, nan_value}
                                                 : std::vector<float>{0.9F, 0.1F};
  };
}

TEST(RetestErrors, OfScoresThatAreNoNumbersNameTheImage) {
  FakeModel original(above(100)), broken(nan_above(150));
  Settings settings = nothing_searched();
  settings.test = grey_levels({50, 200});
  EXPECT_EQ(message_of<ModelError>([&] { labels_of_pair(original, broken, settings); }),
            "the re-test failed at image '1': a model answers NaN or infinity; nothing is written");
  EXPECT_THAT(message_of<ModelError>([&] { accuracy_of(broken, *settings.test); }),
              HasSubstr("NaN"));
}

/// A triggering input that is no seed input, so that no search sees it.
Deviation bright_input() {
  Deviation input;
  input.seed.id = "17";
  input.mutant = Image(side, side, CV_8UC1, cv::Scalar(250));
  input.original_scores = {0.1F, 0.9F};
  return input;
}

TEST(RetestErrors, OfATriggeringInputAreNoAnswer) {
  FakeModel original(above(255)), broken(nan_above(240));
  Settings settings = nothing_searched();
  settings.unseen = grey_levels({0});
  settings.retest.worst_queries = 1;
  UnseenInputs inputs;
  inputs.worst.push_back(bright_input());
  EXPECT_THAT(message_of<ModelError>([&] {
                measure(original, {"repaired", &broken, {}}, inputs, settings, nullptr, {});
              }),
              ::testing::AllOf(HasSubstr("'17'"), HasSubstr("NaN or infinity"),
                               HasSubstr("nothing is written")));
}

/// Fails on images brighter than the level.
FakeModel::Function failing_above(double level) {
  return [level](const Image& image, std::size_t, std::size_t) {
    if (test::mean_pixel(image) * 255 > level) throw std::runtime_error("out of luck");
    return std::vector<float>{0.9F, 0.1F};
  };
}

TEST(RetestErrors, OfAModelThatFailsOnATriggeringInputNameItsSeed) {
  FakeModel original(above(255)), broken(failing_above(240));
  Settings settings = nothing_searched();
  settings.unseen = grey_levels({0});
  settings.retest.worst_queries = 1;
  UnseenInputs inputs;
  inputs.worst.push_back(bright_input());
  EXPECT_THAT(message_of<ModelError>([&] {
                measure(original, {"repaired", &broken, {}}, inputs, settings, nullptr, {});
              }),
              ::testing::AllOf(HasSubstr("'17'"), HasSubstr("out of luck"),
                               HasSubstr("nothing is written")));
}

TEST(RetestErrors, OfAModelThatFailsWhileLabelsAreComparedNameTheImages) {
  FakeModel original(above(100)), broken(failing_above(150));
  Settings settings = nothing_searched();
  settings.test = grey_levels({50, 200});
  EXPECT_THAT(message_of<ModelError>([&] { labels_of_pair(original, broken, settings); }),
              ::testing::AllOf(HasSubstr("the images '0' to '1'"), HasSubstr("out of luck"),
                               HasSubstr("nothing is written")));
}

TEST(RetestErrors, OfAnUnreadableSeedAreNoPass) {
  const std::string folder = fresh_folder();
  write_file(folder + "/broken.png", "no picture");
  FakeModel original(above(100)), compressed(above(150));
  Settings settings = small_retest();
  settings.unseen = SeedSet::folder(folder);
  EXPECT_THAT(message_of<Error>([&] { labels_of_pair(original, compressed, settings); }),
              HasSubstr("broken.png"));
  settings.retest = {0, 0, 0, 0};
  EXPECT_THAT(message_of<SeedError>([&] { labels_of_pair(original, compressed, settings); }),
              HasSubstr("broken.png"));
}

TEST(RetestStop, BeforeASearchIsObeyed) {
  Retesting run;
  StopSignal stop;
  stop.request();
  EXPECT_THROW(measure_before(run.original, {"before", &run.compressed, {}}, run.settings,
                              run.before, "", nullptr, stop),
               Interrupted);
}

TEST(RetestStop, BeforeTheTriggeringInputsAreEvaluatedIsObeyed) {
  FakeModel original(above(255)), broken(nan_above(240));
  Settings settings = small_retest();
  UnseenInputs inputs;
  inputs.first.push_back(bright_input());
  StopSignal stop;
  stop.request();
  EXPECT_THROW(measure(original, {"repaired", &broken, {}}, inputs, settings, nullptr, stop),
               Interrupted);
}

TEST(RetestStop, WhileLabelsAreComparedIsObeyed) {
  Retesting run;
  run.settings = nothing_searched();
  StopSignal stop;
  const OnStage stop_at_labels = [&](const Stage& stage) {
    if (stage.name.rfind("comparing labels", 0) == 0) stop.request();
  };
  EXPECT_THROW(measure(run.original, {"control", &run.compressed, {}}, {}, run.settings,
                       stop_at_labels, stop),
               Interrupted);
}

TEST(RetestStages, NameWhatIsDoneToWhichModel) {
  Retesting run;
  std::set<std::string> names;
  std::size_t all = 0;
  const OnStage keep = [&](const Stage& stage) {
    names.insert(stage.name);
    all = std::max(all, stage.all);
    EXPECT_LE(stage.done, stage.all);
  };
  measure_before(run.original, {"before", &run.compressed, {}}, run.settings, run.before, "", keep,
                 {});
  EXPECT_EQ(all, unseen_count);
  EXPECT_THAT(names, ::testing::ElementsAre("comparing labels, before",
                                            "searching the unseen seeds (dflare), before",
                                            "searching the unseen seeds (everyday), before",
                                            "searching the unseen seeds (first), before",
                                            "searching the unseen seeds (worst), before"));
}

}  // namespace
