// dflare-report: one HTML file of folders of results.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "report/page.hpp"
#include "report/read_results.hpp"
#include "support/version.hpp"

namespace dflare::report {
namespace {

constexpr int failed = 2;

const char* const examples = R"(
Each DIR is a folder of findings, as dflare-test and dflare's assertions write it, a folder that
dflare-repair wrote into, or a folder with such folders anywhere below. Shards of a run are shown as
one. The file needs nothing but itself; images larger than 64 pixels are in it as thumbnails, linked
to the findings' own files.

Examples:
  dflare-report dflare -o report.html               all pairs that dflare-test wrote into `dflare`
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
  app.set_version_flag("--version", "dflare-report " + version());
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
  fmt::print("{}: {} {}, {} {}, {:.1f} MB\n", command.file, report.pairs.size(),
             report.pairs.size() == 1 ? "pair" : "pairs", report.finding_count(),
             report.finding_count() == 1 ? "finding" : "findings",
             static_cast<double>(boost::filesystem::file_size(command.file)) / megabyte);
}

int error(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "dflare-report: %s\n", message.c_str());
  return failed;
}

int main(int argc, char** argv) {
  CLI::App app("Makes one HTML file of findings, to be read in a browser.", "dflare-report");
  Command command;
  add_options(app, command);
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
