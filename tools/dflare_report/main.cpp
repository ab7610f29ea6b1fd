// dflare-report: one HTML file of folders of results.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "model/version_text.hpp"
#include "program/plain_text.hpp"
#include "report/page.hpp"
#include "report/read_results.hpp"
#include "support/broken_pipe.hpp"

namespace dflare::report {
namespace {

constexpr int failed = 2;

const char* const examples = R"(
Each DIR is a folder of findings, as dflare-test and dflare's assertions write it, a folder that
dflare-repair wrote into, or a folder with such folders anywhere below. Shards of a run are shown as
one. The file needs nothing but itself; images larger than 64 pixels are in it as thumbnails, linked
to the findings' own files.

Examples:
  dflare-report dflare-findings -o report.html      all pairs that dflare-test wrote there
  dflare-report shard1/out shard2/out               two shards, from the artifacts of two CI jobs
  dflare-report repair --title "LeNet-5, 4 bit"     what dflare-repair wrote, with before and after

Exit status: 0 the report is written; 2 a folder holds no results, or a file is damaged.)";

struct Command {
  std::vector<std::string> folders;
  std::string file = "report.html";
  std::string title;
};

void add_options(CLI::App& app, Command& command) {
  app.footer(examples);
  app.set_version_flag("--version", [] { return version_text("dflare-report"); });
  app.add_option("DIR", command.folders, "Folders of results")->required();
  app.add_option("-o,--out", command.file, "The report; an older one is replaced")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--title", command.title, "Shown at its head")->type_name("TEXT");
}

void run(const Command& command) {
  Report report = read_results(command.folders);
  if (!command.title.empty()) report.title = command.title;
  write_page(report, command.file);
  constexpr double megabyte = 1e6;
  const std::string counts =
      fmt::format("{}: {} {}, {} {}", command.file, report.pairs.size(),
                  report.pairs.size() == 1 ? "pair" : "pairs", report.finding_count(),
                  report.finding_count() == 1 ? "finding" : "findings");
  boost::system::error_code no_file;  // but a device
  const auto size = boost::filesystem::file_size(command.file, no_file);
  const std::string line =
      no_file ? counts : fmt::format("{}, {:.1f} MB", counts, static_cast<double>(size) / megabyte);
  std::fputs((line + "\n").c_str(), stdout);
}

int error(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "dflare-report: %s\n", lines_utf8(message).c_str());
  return failed;
}

int main(int argc, char** argv) {
  CLI::App app("Makes one HTML file of findings, to be read in a browser.", "dflare-report");
  Command command;
  add_options(app, command);
  go_on_without_reader();
  try {
    app.parse(argc, argv);
    run(command);
    return 0;
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    return error(std::string(e.what()) + " (--help explains)");
  } catch (const std::exception& e) {
    return error(e.what());
  }
}

}  // namespace
}  // namespace dflare::report

int main(int argc, char** argv) {
  return dflare::report::main(argc, argv);
}
