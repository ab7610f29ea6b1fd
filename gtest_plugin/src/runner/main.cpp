// dflare-test: the pairs of a manifest as GoogleTest tests, and the replay of a finding.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "flags.hpp"
#include "output_folder.hpp"
#include "runner/help.hpp"
#include "runner/html_report.hpp"
#include "runner/pair_tests.hpp"
#include "runner/replay_command.hpp"
#include "support/files.hpp"
#include "support/interrupt.hpp"

namespace dflare::gtest {
namespace {

constexpr int wrong_usage = 2;

bool contains(const std::vector<std::string>& arguments,
              std::initializer_list<const char*> any_of) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return std::find(any_of.begin(), any_of.end(), argument) != any_of.end();
  });
}

int replay_with(const Flags& flags) {
  if (!flags.rest().empty())
    throw ConfigError("--dflare_replay takes no manifest: '" + flags.rest()[0] + "'");
  return replay_command(*flags.get("replay"), flags.get("original").value_or(""),
                        flags.get("compressed").value_or(""));
}

std::string manifest_file(const Flags& flags) {
  for (const char* name : {"original", "compressed"}) {
    if (flags.get(name))
      throw ConfigError(fmt::format(
          "--dflare_{} is for --dflare_replay only; a manifest names its models itself", name));
  }
  if (flags.rest().empty())
    throw ConfigError(
        "no manifest is given; expected: dflare-test MANIFEST.yaml (--help explains)");
  if (flags.rest().size() > 1)
    throw ConfigError("'" + flags.rest()[1] +
                      "' is one argument too many; expected one manifest and flags");
  return flags.rest()[0];
}

/// The manifest with the flags' values in place of its own.
Manifest manifest_with(const Flags& flags) {
  Manifest manifest = read_manifest(manifest_file(flags));
  for (Pair& pair : manifest.pairs) {
    flags.apply(pair.options);
    if (const auto out = flags.get("out")) pair.options.out(*out);
    set_objective(pair.expectation, pair.options);
    pair.options.check();
  }
  return manifest;
}

/// A file that flag `name` asks for, with the suffix of this shard; empty: it is not asked for.
std::string output_file(const Flags& flags, const char* name) {
  return flags.get(name) ? json_path(*flags.get(name)) : "";
}

void check_file(const char* flag, const std::string& path) {
  if (path.empty()) return;
  const std::string given = fmt::format("--dflare_{}={}", flag, path);
  check_folder_writable(boost::filesystem::path(path).parent_path().string(), given);
  if (is_folder(path)) throw ConfigError(given + " is a folder; expected a file");
}

void check_outputs(const Manifest& manifest, const std::string& json, const std::string& report) {
  for (const Pair& pair : manifest.pairs) {
    if (pair.options.write_findings())
      check_folder_writable(output_root(pair.options), "the folder for findings (--dflare_out)");
  }
  check_file("json", json);
  check_file("report", report);
}

int run_tests(const Flags& flags) {
  const Manifest manifest = manifest_with(flags);
  RunRecord record;
  register_pairs(manifest, record);
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();

  const std::string json = output_file(flags, "json"), report = output_file(flags, "report");
  check_outputs(manifest, json, report);
  handle_interrupts();
  const int failed = RUN_ALL_TESTS();
  if (!json.empty()) write_atomically(json, results_json(record.results));
  if (!report.empty()) write_html_report(record.results, report);
  if (::testing::UnitTest::GetInstance()->test_to_run_count() == 0 && current_shard().total == 1) {
    throw ConfigError(fmt::format(
        "no test ran: --gtest_filter={} selects none of {}, or they are disabled (see "
        "--gtest_list_tests)",
        GTEST_FLAG_GET(filter), ::testing::UnitTest::GetInstance()->total_test_count()));
  }
  if (record.could_not_test) return wrong_usage;
  return failed != 0 || interrupted() ? 1 : 0;
}

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (contains(given, {"--help", "-h", "-?"})) {
    std::fputs(help_text().c_str(), stdout);
    return 0;
  }
  ::testing::InitGoogleTest(&argc, argv);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (contains(arguments, {"--gtest_help"})) return 0;  // GoogleTest has printed it
  try {
    set_flags(parse_flags(arguments, Program::runner));
    return flags().get("replay") ? replay_with(flags()) : run_tests(flags());
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "dflare-test: %s\n", e.what());
    return wrong_usage;
  }
}

}  // namespace
}  // namespace dflare::gtest

int main(int argc, char** argv) {
  return dflare::gtest::main(argc, argv);
}
