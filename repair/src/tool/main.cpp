// dflare-repair: fine-tunes a compressed model towards its original, and tests it again.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/filesystem/operations.hpp>
#include <chrono>
#include <cstdio>
#include <string>
#include <system_error>
#include <thread>

#include "dflare/repair.hpp"
#include "model/version_text.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "support/broken_pipe.hpp"
#include "tool/config.hpp"
#include "tool/config_template.hpp"
#include "tool/html_report.hpp"
#include "tool/progress.hpp"

namespace dflare::repair {
namespace {

constexpr int gates_not_met = 1, failed = 2;

const char* const examples = R"(
Examples:
  dflare-repair --print-config > repair.yaml    a configuration with every key, to be filled in
  dflare-repair repair.yaml --dry-run           checks all of it, and that a batch can be trained
  dflare-repair repair.yaml                     repairs, and writes into the folder `out`
  dflare-repair repair.yaml --resume            goes on where an interrupted run was

Exit status: 0 repaired, or nothing was found that needs it; 1 the gates of the configuration are not
met, and no model was written; 2 the configuration or a model is wrong, or the run was interrupted.)";

struct Command {
  std::string config, progress = "auto";
  Overrides overrides;
  bool dry_run = false, resume = false, print_config = false, quiet = false;
};

void add_options(CLI::App& app, Command& command) {
  app.footer(examples);
  app.set_version_flag("--version", [] { return version_text("dflare-repair"); });
  app.add_option("CONFIG", command.config, "YAML file that says what to repair");
  app.add_flag("--dry-run", command.dry_run,
               "Checks everything, trains one batch on a copy, writes nothing");
  app.add_flag("--resume", command.resume, "Goes on after the last finished round in `out`");
  app.add_flag("--print-config", command.print_config, "Prints a configuration with every key");
  app.add_option("--out", command.overrides.out, "Goes before `out` of the configuration")
      ->type_name("FOLDER");
  app.add_option("--workers", command.overrides.workers, "Goes before `workers`; 0: one a core")
      ->type_name("N")
      ->check(CLI::Range(0, 1024));
  app.add_option("--progress", command.progress, "auto: on a terminal a line that is drawn again")
      ->type_name("auto|on|off")
      ->check(CLI::IsMember({"auto", "on", "off"}));
  app.add_flag("--quiet", command.quiet, "Neither progress nor report; errors only");
}

/// Requests a stop once an interrupt came, also while a stage calls nobody; but for that where no
/// thread is to be had.
class InterruptWatch {
 public:
  explicit InterruptWatch(StopSignal stop) {
    try {
      thread_ = std::thread([this, stop]() mutable {
        while (!done_) {
          if (interrupted()) stop.request();
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
      });
    } catch (const std::system_error&) {
    }
  }
  ~InterruptWatch() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
  }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

Settings settings_of(const Command& command) {
  if (command.config.empty()) {
    throw ConfigError(
        "no configuration is given; expected: dflare-repair CONFIG.yaml (--print-config prints "
        "one, --help explains)");
  }
  Overrides overrides = command.overrides;
  if (overrides.out) overrides.out = boost::filesystem::absolute(*overrides.out).string();
  Settings settings = read_config(command.config, overrides);
  settings.resume = command.resume;
  return settings;
}

int check_only(const Settings& settings) {
  fmt::print(
      "{}\n{} seeds to train on, {} unseen{}\nOne batch of {} images was trained on a copy: "
      "forward, "
      "loss, backward, optimiser step, file. Nothing is written.\n",
      lines_utf8(dry_run(settings)), settings.training.size(), settings.unseen.size(),
      settings.test ? fmt::format(", {} in the test set", settings.test->size()) : "",
      settings.train.batch);
  return 0;
}

int repair_now(const Command& command, const Settings& settings) {
  handle_interrupts();
  go_on_without_reader();
  StopSignal stop;
  const InterruptWatch watch(stop);
  StageDisplay display(command.quiet ? StatusLine::Mode::off
                                     : StatusLine::mode_of(command.progress));
  const auto on_stage = [&display, &stop](const Stage& stage) {
    if (interrupted()) stop.request();
    display.show(stage);
  };
  const Result result = repair(settings, on_stage, stop);
  display.clear();
  write_html_report(settings);
  if (!command.quiet) std::fputs(lines_utf8(report_text(settings, result)).c_str(), stdout);
  return result.verdict == Verdict::gates_not_met ? gates_not_met : 0;
}

int run(const Command& command) {
  if (command.print_config) {
    std::fputs(config_template().c_str(), stdout);
    return 0;
  }
  const Settings settings = settings_of(command);
  return command.dry_run ? check_only(settings) : repair_now(command, settings);
}

int error(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "dflare-repair: %s\n", lines_utf8(message).c_str());
  return failed;
}

int main(int argc, char** argv) {
  CLI::App app("Repairs a compressed image classifier where it disagrees with its original.",
               "dflare-repair");
  Command command;
  add_options(app, command);
  try {
    app.parse(argc, argv);
    return run(command);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    return error(std::string(e.what()) + " (--help explains)");
  } catch (const std::exception& e) {
    return error(e.what());
  }
}

}  // namespace
}  // namespace dflare::repair

int main(int argc, char** argv) {
  return dflare::repair::main(argc, argv);
}
