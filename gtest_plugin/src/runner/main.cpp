// dflare-test: the pairs of a manifest as GoogleTest tests, and the replay of a finding.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "check/expectation/kind.hpp"
#include "dflare/error.hpp"
#include "flags/flags.hpp"
#include "flags/output_folder.hpp"
#include "flags/unknown_variables.hpp"
#include "model/version_text.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "runner/closing_table.hpp"
#include "runner/examine_command.hpp"
#include "runner/help.hpp"
#include "runner/html_report.hpp"
#include "runner/pair_tests.hpp"
#include "runner/replay_command.hpp"
#include "support/broken_pipe.hpp"
#include "support/files.hpp"
#include "support/output_file.hpp"

namespace dflare::gtest {
namespace {

constexpr int wrong_usage = 2;

bool contains(const std::vector<std::string>& arguments,
              std::initializer_list<const char*> any_of) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return std::find(any_of.begin(), any_of.end(), argument) != any_of.end();
  });
}

OwnModel own_model(const ModelEntry& entry) {
  return {entry.source, entry.load.isolate, entry.load.sandbox, entry.load.limits};
}

ReplayTrust trust_of(const Flags& flags) {
  ReplayTrust trust;
  trust.recorded = flags.get("trust_recorded") == "true";
  if (flags.rest().empty()) return trust;
  const Manifest manifest = read_manifest(flags.rest()[0]);
  trust.pairs_from = manifest.file;
  for (const Pair& pair : manifest.pairs)
    trust.pairs.push_back({pair.name, own_model(pair.original), own_model(pair.compressed)});
  return trust;
}

int replay_with(const Flags& flags) {
  if (flags.rest().size() > 1)
    throw ConfigError("'" + flags.rest()[1] +
                      "' is one argument too many; expected at most one manifest");
  const ReplayRequest request{*flags.get("replay"), flags.get("original").value_or(""),
                              flags.get("compressed").value_or(""), trust_of(flags)};
  const std::string& manifest = request.trust.pairs_from;
  warn_of_unknown_variables("dflare-test", manifest.empty() ? "" : read_text_file(manifest));
  return replay_command(request);
}

std::string manifest_file(const Flags& flags) {
  for (const char* name : {"original", "compressed", "trust_recorded"}) {
    if (flags.get(name))
      throw ConfigError(fmt::format(
          "--dflare_{} is for --dflare_replay only; a run tests the models that its manifest names",
          name));
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
  warn_of_unknown_variables("dflare-test", read_text_file(manifest.file));
  for (Pair& pair : manifest.pairs) {
    flags.apply(pair.options);
    if (const auto out = flags.get("out")) pair.options.out(*out);
    checking::settle(pair.expectation, pair.options);
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
  if (is_folder(path)) throw ConfigError(given + " is a folder; expected a file");
  OutputPlace place;
  try {
    place = output_place(path);
  } catch (const Error& error) {
    throw ConfigError(given + ": " + error.what());
  }
  if (!place.is_stream)
    check_folder_writable(boost::filesystem::path(place.path).parent_path().string(), given);
}

/// GoogleTest opens its file when all is done, and would wait for ever for a FIFO's reader.
void check_gtest_output() {
  const std::string output = GTEST_FLAG_GET(output);
  const std::size_t colon = output.find(':');
  if (colon == std::string::npos || is_folder(output.substr(colon + 1))) return;
  try {
    output_place(output.substr(colon + 1));
  } catch (const Error& error) {
    throw ConfigError(fmt::format("--gtest_output={}: {}", output, error.what()));
  }
}

void check_outputs(const Manifest& manifest, const std::string& json, const std::string& report) {
  for (const Pair& pair : manifest.pairs) {
    if (pair.options.write_findings())
      check_folder_writable(output_root(pair.options), "the folder for findings (--dflare_out)");
  }
  check_file("json", json);
  check_file("report", report);
  check_gtest_output();
}

int run_tests(const Flags& flags) {
  const Manifest manifest = manifest_with(flags);
  RunRecord record;
  register_pairs(manifest, record);
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();
  if (flags.get("examine") == "true") return examine_pairs(manifest);

  const std::string json = output_file(flags, "json"), report = output_file(flags, "report");
  check_outputs(manifest, json, report);
  handle_interrupts();
  go_on_without_reader();
  const int failed = RUN_ALL_TESTS();
  std::fputs(closing_table(closing_rows(manifest, record.results)).c_str(), stdout);
  if (!json.empty()) write_atomically(json, results_json(record.results));
  if (!report.empty()) write_html_report(record.results, manifest.file, report);
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
  if (contains(given, {"--version"})) {
    fmt::print("{}\n", version_text("dflare-test"));
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
    std::fprintf(stderr, "dflare-test: %s\n", lines_utf8(e.what()).c_str());
    return wrong_usage;
  }
}

}  // namespace
}  // namespace dflare::gtest

int main(int argc, char** argv) {
  return dflare::gtest::main(argc, argv);
}
