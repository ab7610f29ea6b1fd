// The page as text: that it holds everything, needs nothing else, and takes no harm from names.

#include "report/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <regex>

#include "report/base64.hpp"
#include "report/paths.hpp"
#include "report/picture.hpp"
#include "report/read_results.hpp"
#include "report/results.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

using nlohmann::json;
using report::page;
using report::read_results;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

json data_of(const std::string& html) {
  return json::parse(between(html, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Page, HoldsPairsFindingsAndPictures) {
  const std::string out = fresh_folder();
  write_run(out + "/W4", {"first", "second"});
  const std::string html = page(read_results({out}), out);
  const json data = data_of(html);
  ASSERT_EQ(data.at("pairs").size(), 1U);
  EXPECT_EQ(data.at("pairs")[0].at("name"), "W4");
  EXPECT_EQ(data.at("pairs")[0].at("judged"), 2);
  EXPECT_EQ(data.at("pairs")[0].at("rate"), 1.0);
  ASSERT_EQ(data.at("findings").size(), 2U);
  const json& finding = data.at("findings")[1];
  EXPECT_EQ(finding.at("seed"), "second");
  EXPECT_EQ(finding.at("labels"), json({1, 0}));
  EXPECT_EQ(finding.at("original"), json({{1, 0.6}, {0, 0.4}}));
  EXPECT_EQ(finding.at("regret"), 0.2);
  EXPECT_EQ(finding.at("url"), "W4/second");
  const std::string here = boost::filesystem::current_path().string();
  EXPECT_EQ(finding.at("replay"), "dflare-test --dflare_replay=W4/second --dflare_original=" +
                                      here + "/a.pt --dflare_compressed=" + here + "/b.pt");
  const json pictures = json::parse(between(html, "id=\"pictures-0\">", "</script>"));
  EXPECT_EQ(pictures.at(finding.at("pictures")[0].get<std::size_t>()),
            report::base64(read_file(out + "/W4/second/seed.png")));
  // Both mutants are alike, and there once.
  EXPECT_EQ(pictures.size(), 3U);
  EXPECT_EQ(finding.at("pictures")[1], data.at("findings")[0].at("pictures")[1]);
}

TEST(Page, NeedsNothingButItself) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  const std::string html = page(read_results({out}), out);
  EXPECT_THAT(html, Not(HasSubstr("{{")));
  EXPECT_FALSE(std::regex_search(html, std::regex("<(script|link|img)[^>]*(src|href)=")));
  EXPECT_FALSE(std::regex_search(html, std::regex("https?://(?!www\\.w3\\.org/2000/svg\")")));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(Page, TakesNoHarmFromHostileNames) {
  const std::string out = fresh_folder();
  const std::string hostile = "</script><!--<script>alert(\"1\")</script>'{{title}}\xff";
  write_run(out + "/it's \"here\" #1 100%?", {hostile});
  report::Report results = read_results({out});
  results.title = "<b>" + hostile;
  const std::string html = page(results, out);
  EXPECT_EQ(times(html, "</script"), times(html, "<script"));  // one ends each, and no more
  for (const char* part : {"<script>alert", "<b>", "<!--"}) EXPECT_EQ(times(html, part), 0U);
  const json data = data_of(html);
  const json& finding = data.at("findings")[0];
  const std::string shown = hostile.substr(0, hostile.size() - 1) + "\xef\xbf\xbd";
  EXPECT_EQ(finding.at("seed"), shown);
  EXPECT_EQ(data.at("title"), "<b>" + shown);
  EXPECT_THAT(finding.at("url").get<std::string>(),
              HasSubstr("it%27s%20%22here%22%20%231%20100%25%3F/%253C%252Fscript"));
  EXPECT_THAT(finding.at("replay").get<std::string>(),
              HasSubstr("--dflare_replay='it'\\''s \"here\" #1 100%?/%3C%2Fscript"));
}

TEST(Page, ShowsTheFactsOfTheLabelsAndWhatIsStrange) {
  const std::string out = fresh_folder();
  write_run(out, {"1", "2"});
  report::Report results = read_results({out});
  results.pairs[0].remarks = {"20 images of \xff\nleft out"};
  const json pair = data_of(page(results, out)).at("pairs")[0];
  EXPECT_EQ(pair.at("labels").at("agreed"), 2);
  EXPECT_EQ(pair.at("labels").at("deviations_original_right"), 2);
  EXPECT_EQ(pair.at("remarks"), json({"20 images of \xef\xbf\xbd left out"}));
  results.pairs[0].labels = report::Labels();  // nothing was evaluated
  EXPECT_EQ(data_of(page(results, out)).at("pairs")[0].at("labels"), nullptr);
}

json worst_of(const Options& options, std::size_t findings_lost = 0) {
  const std::string out = fresh_folder();
  write_run(out, {"1", "2"}, 10, options);
  report::Report results = read_results({out});
  for (std::size_t i = 0; i < findings_lost; ++i) results.pairs[0].findings.pop_back();
  return data_of(page(results, out)).at("pairs")[0].at("worst");
}

TEST(Page, ShowsTheMeanWorstRegretOfASearchForIt) {
  const json worst = worst_of(Options().objective(Objective::worst));
  EXPECT_EQ(worst.at("mean_regret"), 0.2);
  EXPECT_EQ(worst.at("interval"), json({0.2, 0.2}));
  EXPECT_EQ(worst_of({}), nullptr);
  EXPECT_EQ(worst_of(Options().objective(Objective::worst), 1), nullptr);
  EXPECT_EQ(worst_of(Options().objective(Objective::worst).margin(0.1)), nullptr);
}

TEST(Page, SaysHowToReplayModelsInMemory) {
  const std::string out = fresh_folder();
  Pair pair;
  FindingWriter writer(out + "/W4", pair.original, pair.compressed, some_seeds(), {});
  writer.deviation(deviation_of("1"));
  const json data = data_of(page(read_results({out}), out));
  EXPECT_EQ(data.at("findings")[0].at("replay"), "dflare::replay(\"W4/1\", original, compressed)");
}

TEST(Page, ShowsWhatWasExpected) {
  report::Report results;
  results.pairs.resize(1);
  results.pairs[0].name = "W4";
  results.pairs[0].verdict = {{"no deviation", false, {"W4.seeds: it failed"}}};
  const json verdict = data_of(page(results, ".")).at("pairs")[0].at("verdict");
  EXPECT_EQ(verdict.at("expectation"), "no deviation");
  EXPECT_EQ(verdict.at("passed"), false);
  EXPECT_EQ(verdict.at("messages"), json({"W4.seeds: it failed"}));
}

TEST(Page, ShowsARepair) {
  const std::string out = fresh_folder() + "/W4";
  write_repair(out, {"a", "b"});
  const json data = data_of(page(read_results({out}), out));
  EXPECT_EQ(data.at("repairs")[0].at("report").at("verdict"), "repaired");
  EXPECT_EQ(data.at("findings")[0].at("repaired"), true);
  EXPECT_EQ(data.at("findings")[1].at("repaired"), false);
}

TEST(Page, ErrorsNameTheFile) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  const report::Report results = read_results({out});
  EXPECT_THAT(message_of<Error>([&] { report::write_page(results, out); }),
              HasSubstr("'" + out + "': it is a folder, expected a file"));
  EXPECT_THAT(message_of<Error>([&] { report::write_page(results, out + "/no/report.html"); }),
              HasSubstr("cannot write '" + out + "/no/report.html'"));
  boost::filesystem::remove(out + "/1/mutant.png");
  EXPECT_THAT(message_of<FindingError>([&] { page(results, out); }),
              HasSubstr("'" + out + "/1/mutant.png'"));
}

TEST(Picture, IsTheFileWhereItIsSmall) {
  const std::string file = fresh_folder() + "/p.png";
  write_png(file, picture(64, 48, 3));
  const report::Picture small = report::read_picture(file);
  EXPECT_EQ(small.png, read_file(file));
  EXPECT_EQ(small.width, 48);
  EXPECT_EQ(small.height, 64);
  EXPECT_FALSE(small.thumbnail);
}

TEST(Picture, IsAThumbnailWhereItIsLarge) {
  const std::string folder = fresh_folder();
  for (const int channels : {1, 3}) {
    const Image whole = picture(130, 260, channels);
    write_png(folder + "/p.png", whole);
    const report::Picture large = report::read_picture(folder + "/p.png");
    EXPECT_TRUE(large.thumbnail);
    EXPECT_EQ(large.width, 260);
    EXPECT_EQ(large.height, 130);
    write_file(folder + "/t.png", large.png);
    const Image small = read_image(folder + "/t.png");
    EXPECT_EQ(size_of(small), (ImageSize{32, 64}));
    EXPECT_EQ(small.channels(), channels);
    for (int c = 0; c < channels; ++c)
      EXPECT_NEAR(cv::mean(small)[c], cv::mean(whole)[c], 1);  // and its colours
  }
}

TEST(Picture, RefusesWhatIsNoWholePng) {
  const std::string file = fresh_folder() + "/p.png";
  const auto error = [&] { return message_of<FindingError>([&] { report::read_picture(file); }); };
  EXPECT_THAT(error(), HasSubstr("'" + file + "'"));
  write_png(file, picture(8, 8, 1));
  const std::string whole = read_file(file);
  for (const std::string& bytes :
       {std::string(), std::string("hello"), whole.substr(0, whole.size() - 9)}) {
    write_file(file, bytes);
    EXPECT_THAT(error(), AllOf(HasSubstr("'" + file + "' is damaged"), HasSubstr("whole PNG")));
  }
}

TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(report::base64(""), "");
  EXPECT_EQ(report::base64("f"), "Zg==");
  EXPECT_EQ(report::base64("fo"), "Zm8=");
  EXPECT_EQ(report::base64("foo"), "Zm9v");
  EXPECT_EQ(report::base64("foob"), "Zm9vYg==");
  EXPECT_EQ(report::base64("\xff\xfe\xfd"), "//79");
}

TEST(Paths, AreSeenFromTheReport) {
  const std::string folder = fresh_folder();
  boost::filesystem::create_directories(folder + "/out/W4");
  EXPECT_EQ(report::relative_path(folder + "/out/W4", folder), "out/W4");
  EXPECT_EQ(report::relative_path(folder + "/out/W4", folder + "/out/other"), "../W4");
  EXPECT_EQ(report::url_of("../a b/\xc3\xa9:%2F"), "../a%20b/%C3%A9%3A%252F");
}

}  // namespace
}  // namespace dflare::test
