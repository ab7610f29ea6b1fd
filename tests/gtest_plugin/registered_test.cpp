#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "dflare/backend.hpp"
#include "dflare/error.hpp"
#include "dflare/strategy.hpp"
#include "finding/finding_json.hpp"
#include "flags/flags.hpp"
#include "gtest_plugin/child.hpp"
#include "runner/manifest.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

// What registered.cpp registers, in manifests, flags, findings and help.
namespace dflare::test {
namespace {

using gtest::Flags;
using gtest::parse_flags;
using gtest::Program;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Registered : public ::testing::Test {
 protected:
  Registered() : folder_(fresh_folder()) {
    write_file(folder_ + "/a.threshold", "100");
    write_file(folder_ + "/b.limit", "120");
    boost::filesystem::create_directory(folder_ + "/seeds");
    for (const int grey : {30, 130}) {
      write_png(folder_ + "/seeds/" + std::to_string(grey) + ".png",
                Image(8, 8, CV_8UC1, cv::Scalar(grey)));
    }
  }

  /// A manifest of one pair with these options.
  std::string manifest(const std::string& options, const std::string& models = "") {
    write_file(
        folder_ + "/m.yaml",
        "dflare: 1\npairs:\n  - name: P\n    seeds: seeds\n    options: {" + options + "}\n" +
            (models.empty() ? "    original: a.threshold\n    compressed: b.limit\n" : models));
    return folder_ + "/m.yaml";
  }
  Options read(const std::string& options) {
    return gtest::read_manifest(manifest(options)).pairs.at(0).options;
  }
  std::string error_of(const std::string& options) {
    return message_of<ConfigError>([&] { read(options); });
  }

  const std::string folder_;
};

TEST_F(Registered, OptionsOfAStrategyAreSetByManifests) {
  const Options options = read("strategy: dimmer, dimmer_step: 5, dimmer_towards: white");
  EXPECT_EQ(options.number("dimmer_step"), 5);
  EXPECT_EQ(options.text("dimmer_towards"), "white");
  EXPECT_EQ(read("strategy: dimmer").number("dimmer_step"), 1);
}

TEST_F(Registered, OptionsOfAStrategyAreRefusedWhereAnotherIsUsed) {
  EXPECT_THAT(
      error_of("dimmer_step: 5"),
      HasSubstr(
          "pairs[0].options: option dimmer_step is one of strategy dimmer, and the strategy is "
          "boundary; choose strategy dimmer, or leave dimmer_step out"));
  EXPECT_THAT(error_of("strategy: trimmer, dimmer_step: 5"),
              HasSubstr("the strategy is trimmer (which has 'trimmer_step'); choose"));
  // At its default it says nothing.
  EXPECT_EQ(read("dimmer_step: 1, dimmer_towards: black").own(), Options::OwnTexts());
}

TEST_F(Registered, OptionsOfAStrategyAreChecked) {
  EXPECT_THAT(error_of("strategy: dimmer, dimmer_stp: 5"),
              HasSubstr("unknown option 'dimmer_stp'; did you mean 'dimmer_step'?"));
  for (const char* wrong : {"0", "51", "1.5", "much"})
    EXPECT_THAT(error_of(std::string("strategy: dimmer, dimmer_step: ") + wrong),
                HasSubstr(std::string("option dimmer_step: '") + wrong +
                          "' makes no sense; expected a whole number, 1 to 50"));
  EXPECT_THAT(error_of("strategy: dimmer, dimmer_towards: red"),
              HasSubstr("'red' makes no sense; expected black | white"));
  EXPECT_THAT(error_of("strategy: trimmer, trimmer_step: nan"),
              HasSubstr("'nan' makes no sense; expected a number, 0 to 1"));
}

TEST(RegisteredOptions, SetInCppAreCheckedToo) {
  const Options dimmer = Options().strategy("dimmer");
  EXPECT_NO_THROW(Options(dimmer).set("dimmer_step", "5").check());
  EXPECT_THAT(message_of<ConfigError>([&] {
                Options(dimmer).own({{"dimmer_step", "0"}}).check();
              }),
              HasSubstr("option dimmer_step: '0' makes no sense"));
  EXPECT_THAT(message_of<ConfigError>([&] {
                Options(dimmer).own({{"dimer_step", "5"}}).check();
              }),
              HasSubstr("unknown option of a registered strategy 'dimer_step'; did you mean "
                        "'dimmer_step'?"));
  EXPECT_THAT(message_of<ConfigError>([&] {
                Options(dimmer).own({{"queries", "5"}}).check();
              }),
              HasSubstr("unknown option of a registered strategy 'queries'"));
  EXPECT_THAT(message_of<ConfigError>([&] { dimmer.number("strategy"); }),
              HasSubstr("option strategy: 'dimmer' is no number"));
  EXPECT_THAT(message_of<ConfigError>([&] { dimmer.text("quers"); }), HasSubstr("'queries'"));
}

TEST(RegisteredOptions, AreFlagsAndVariables) {
  Options options;
  parse_flags({"--dflare_dimmer_step=7", "--dflare_strategy=dimmer"}, Program::user_tests)
      .apply(options);
  EXPECT_EQ(options.number("dimmer_step"), 7);
  ::setenv("DFLARE_DIMMER_STEP", "9", 1);
  parse_flags({}, Program::runner).apply(options);
  ::unsetenv("DFLARE_DIMMER_STEP");
  EXPECT_EQ(options.number("dimmer_step"), 9);
  EXPECT_THAT(
      message_of<ConfigError>([] { parse_flags({"--dflare_dimmer_step=0"}, Program::runner); }),
      HasSubstr("flag --dflare_dimmer_step (or variable DFLARE_DIMMER_STEP): option "
                "dimmer_step: '0' makes no sense"));
}

TEST(RegisteredOptions, AreInHelp) {
  const std::string help = gtest::flags_help(Program::user_tests);
  EXPECT_THAT(help, HasSubstr("\nOptions of strategy dimmer\n  --dflare_dimmer_step=VALUE\n"
                              "      Grey levels a query. Values: a whole number, 1 to 50. "
                              "Default: 1\n"));
  EXPECT_THAT(help, HasSubstr("boundary | dflare | diffchaser | dimmer | random | trimmer"));
  EXPECT_THAT(help, HasSubstr("| all | mine"));
}

TEST(RegisteredOptions, AreRecordedWhereTheirStrategyIsUsed) {
  Options options = Options().strategy("dimmer").set("dimmer_step", "5");
  const auto recorded = options_json(options, false);
  EXPECT_EQ(recorded.at("dimmer_step"), "5");
  EXPECT_EQ(recorded.at("dimmer_towards"), "black");
  EXPECT_EQ(recorded.count("trimmer_step"), 0U);
  EXPECT_EQ(options_json(options, true).at("dimmer_step"), "5");
  EXPECT_EQ(options_json(Options(), true).count("dimmer_step"), 0U);
}

TEST(RegisteredOptions, HaveNamesOfTheirOwn) {
  const auto error = [](const std::string& name, std::vector<OptionRow> more = {}) {
    return message_of<ConfigError>([&] {
      more.push_back(whole_number_option(name, 1, 1, 2, "Nothing."));
      register_strategy("refused", more,
                        [](const Options&) { return std::unique_ptr<Strategy>(); });
    });
  };
  for (const char* taken : {"queries", "path", "novelty", "dimmer_step", "margin"})
    EXPECT_EQ(error(taken), std::string("option '") + taken +
                                "' of strategy 'refused': the name is taken; choose another one");
  EXPECT_THAT(error("twice", {whole_number_option("twice", 1, 1, 2, "Nothing.")}),
              HasSubstr("the name is taken"));
  for (const char* wrong : {"", "Step", "a-b", "1st", "a b", "_a"})
    EXPECT_THAT(error(wrong), HasSubstr("expected a name of small letters, digits and _ that "
                                        "begins with a letter"));
  OptionRow without_meaning = whole_number_option("meaningless", 1, 1, 2, "");
  EXPECT_THAT(error("fine", {without_meaning}), HasSubstr("its values and its meaning"));
  EXPECT_EQ(message_of<ConfigError>([] {
              Options().strategy("refused").check();
            }).find("unknown strategy 'refused'"),
            0U);
}

TEST(RegisteredOptions, HaveADefaultThatIsAValue) {
  EXPECT_EQ(message_of<ConfigError>([] { whole_number_option("x", 5, 1, 2, "Nothing."); }),
            "option x: '5' makes no sense; expected a whole number, 1 to 2");
  EXPECT_EQ(message_of<ConfigError>([] { number_option("x", -1, 0, 2, "Nothing."); }),
            "option x: '-1' makes no sense; expected a number, 0 to 2");
  EXPECT_EQ(message_of<ConfigError>([] { choice_option("x", {}, "Nothing."); }),
            "option x: expected at least one choice");
}

TEST(RegisteredOptionsDeathTest, CannotHaveTheNameOfAFlag) {
  EXPECT_EXIT(
      {
        register_strategy("clash", {whole_number_option("json", 1, 1, 2, "Nothing.")},
                          [](const Options&) { return std::unique_ptr<Strategy>(); });
        std::fputs(message_of<ConfigError>([] { gtest::flag_table(); }).c_str(), stderr);
        std::exit(0);
      },
      ::testing::ExitedWithCode(0),
      "option 'json' of strategy 'clash' would have the flag --dflare_json, which is dflare's own");
}

TEST_F(Registered, OperatorSetsAreKnownByName) {
  const Options options = read("strategy: random, operators: mine");
  ASSERT_EQ(options.operators().size(), 1U);
  EXPECT_EQ(options.operators()[0].name, "mirror");
  EXPECT_EQ(options.text("operators"), "mine");
  EXPECT_THAT(error_of("operators: mien"), HasSubstr("unknown mutation set 'mien'"));
  EXPECT_THAT(message_of<ConfigError>([&] { register_mutation_set("mine", options.operators()); }),
              HasSubstr("a mutation set named 'mine' is there already"));
  EXPECT_THAT(message_of<ConfigError>([&] { register_mutation_set("all", options.operators()); }),
              HasSubstr("a mutation set named 'all' is there already"));
  EXPECT_THROW(register_mutation_set("none", {}), ConfigError);
  EXPECT_THROW(register_mutation_set("", options.operators()), ConfigError);
}

TEST_F(Registered, CriteriaAreKnownByName) {
  EXPECT_EQ(read("criterion: darker and regret >= 0.2").criterion().text(),
            "darker and regret >= 0.2");
}

TEST_F(Registered, FilesOfABackendAreModels) {
  const auto pair = gtest::read_manifest(manifest("")).pairs.at(0);
  const auto model = pair.original.open();
  EXPECT_EQ(model->info().backend, "threshold");
  EXPECT_EQ(model->info().path, folder_ + "/a.threshold");
  EXPECT_EQ(model->info().sha256.size(), 64U);
  EXPECT_GT(model->predict(Image(8, 8, CV_8UC1, cv::Scalar(110))).row(0)[1], 0.5F);
  EXPECT_NO_THROW(load(folder_ + "/b.limit"));
}

TEST_F(Registered, FilesOfABackendThatCannotBeLoadedAreErrors) {
  const auto error = [this](const std::string& text, LoadOptions options = {}) {
    write_file(folder_ + "/c.limit", text);
    return message_of<ModelError>([&] { load(folder_ + "/c.limit", options); });
  };
  EXPECT_EQ(error("x"),
            "model file '" + folder_ + "/c.limit': 'x' is no number above 0 (threshold)");
  EXPECT_THAT(error("null"), HasSubstr("backend 'threshold' made no model of it"));
  EXPECT_THAT(error("300"), HasSubstr("another path or hash in its ModelInfo"));
  LoadOptions apart;
  apart.isolate = true;
  EXPECT_THAT(error("100", apart), HasSubstr("leave isolate out"));
  apart = {};
  apart.sandbox = true;
  EXPECT_THAT(error("100", apart), HasSubstr("leave isolate out"));
  write_file(folder_ + "/d.unknown", "100");
  EXPECT_THAT(message_of<ModelError>([&] { load(folder_ + "/d.unknown"); }),
              HasSubstr("; .threshold, .limit (threshold)"));
}

TEST(RegisteredBackend, HasExtensionsOfItsOwn) {
  const auto error = [](const std::string& name, const std::vector<std::string>& extensions) {
    return message_of<ConfigError>([&] {
      register_backend({name, extensions, [](const std::string&, const LoadOptions&) {
                          return std::shared_ptr<Model>();
                        }});
    });
  };
  for (const char* taken : {".pt", ".onnx", ".pte", ".limit"})
    EXPECT_EQ(error("b", {".b", taken}),
              std::string("backend 'b': files ") + taken + " are another backend's already");
  for (const char* wrong : {"", ".", "b", ".B", ".a.b", "./b"})
    EXPECT_THAT(error("b", {wrong}),
                HasSubstr("is no extension; expected a dot and small letters"));
  EXPECT_THAT(error("", {".b"}), HasSubstr("a backend needs a name"));
  EXPECT_THAT(error("b", {}), HasSubstr("a backend needs a name"));
  EXPECT_THROW(register_backend({"b", {".b"}, nullptr}), ConfigError);
}

TEST_F(Registered, AllOfThemInADflareTestOfOnesOwn) {
  manifest("strategy: dimmer, dimmer_step: 5, queries: 10");
  const Ended run = run_in(folder_, DFLARE_REGISTERED_RUNNER " m.yaml --dflare_out=out");
  EXPECT_EQ(run.status, 1) << run.output;
  std::vector<std::string> findings;
  for (const auto& entry : boost::filesystem::recursive_directory_iterator(folder_ + "/out")) {
    if (entry.path().filename() == "finding.json") findings.push_back(entry.path().string());
  }
  ASSERT_EQ(findings.size(), 1U) << run.output;
  const auto finding = nlohmann::json::parse(read_file(findings[0]));
  EXPECT_EQ(finding.at("options").at("dimmer_step"), "5");
  EXPECT_EQ(finding.at("options").at("strategy"), "dimmer");
  EXPECT_EQ(finding.at("models").at("original").at("backend"), "threshold");
  EXPECT_EQ(finding.at("queries"), 3);  // 130 less 3 times 5 is at most 120, and not 100
}

}  // namespace
}  // namespace dflare::test
