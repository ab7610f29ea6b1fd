#include "dflare/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <chrono>
#include <iterator>
#include <optional>

#include "data/corpus.hpp"
#include "data/findings.hpp"
#include "finding/output_folder.hpp"
#include "model/torchscript/torchscript.hpp"
#include "output_folder.hpp"
#include "report/findings_json.hpp"
#include "report/remarks.hpp"
#include "retest/retest.hpp"
#include "setup/checks.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"
#include "support/output_file.hpp"
#include "support/version.hpp"
#include "training/course.hpp"
#include "training/state.hpp"
#include "weights/facts.hpp"

namespace dflare::repair {
namespace {

namespace fs = boost::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* state_file = "state.bin";

class Work {
 public:
  Work(const Settings& settings, const OnStage& on_stage, const StopSignal& stop)
      : settings_(settings), on_stage_(on_stage), stop_(stop), begin_(Clock::now()) {}

  Result run() {
    try {
      return run_to_the_end();
    } catch (const Interrupted& interrupted) {
      throw Interrupted(std::string(interrupted.what()) +
                        (fs::exists(in_out(state_file))
                             ? "; --resume goes on after the last finished round"
                             : "; no round was finished, so that there is nothing to resume: run "
                               "it again"));
    }
  }

 private:
  Result run_to_the_end() {
    pair_ = open_pair(settings_);
    prepare_folder();
    split_ = split_of(pair_.training, settings_.train);
    State state = train();
    Result result = begin_result(state);
    if (nothing_found_) {
      result.verdict = Verdict::nothing_found;
    } else {
      test_again(state, result);
    }
    finish(result);
    return result;
  }

  std::string in_out(const char* name) const { return (fs::path(settings_.out) / name).string(); }

  /// Nothing of an earlier run in `out` may pass for this one's.
  void prepare_folder() const {
    prepare_output(settings_);
    boost::system::error_code ignored;
    if (settings_.resume) {
      if (!fs::exists(in_out(state_file))) {
        throw ConfigError(fmt::format(
            "--resume: there is no interrupted repair in '{}' (no {}); run without --resume",
            settings_.out, state_file));
      }
    } else {
      fs::remove(in_out(state_file), ignored);
    }
    const std::string unseen = in_out("unseen");
    if (settings_.retest.worst_queries == 0 && fs::exists(unseen)) prepare_output_folder(unseen);
  }

  /// What the state of a repair depends on.
  std::string fingerprint(const std::vector<TrainingFinding>& findings) const {
    std::string text = fmt::format("{} {} {} {} {}\n", version(), pair_.original->info().sha256,
                                   pair_.compressed->info().sha256, pair_.original->info().runtime,
                                   settings_fingerprint(settings_));
    for (const Seed& seed : pair_.training) text += key_of(seed.image);
    if (!settings_.corpus.empty()) {
      for (const TrainingFinding& finding : findings) text += key_of(finding.mutant);
    }
    return sha256_of(text);
  }

  State train() {
    const std::string file = in_out(state_file);
    State state;
    Findings findings;
    if (!settings_.corpus.empty()) {
      findings = read_findings(settings_, pair_, split_);
    } else if (!settings_.resume) {
      findings =
          search_training_seeds(settings_, pair_, split_, in_out("findings"), on_stage_, stop_);
    }
    const std::string key = fingerprint(findings.training);
    if (settings_.resume) {
      state = load_state(file, key);
      const auto first = state.findings.begin();
      findings.training = {first, first + static_cast<std::ptrdiff_t>(state.rounds.at(0).findings)};
      findings.validation = state.validation_findings;
    }
    nothing_found_ = findings.empty();
    training_findings_ = findings.training;
    course_ = std::make_unique<Course>(settings_, pair_, split_.training, split_.validation,
                                       findings.validation);
    if (!settings_.resume) state = course_->start(std::move(findings));
    if (nothing_found_) return state;
    while (!state.finished && state.rounds.back().number < settings_.train.rounds) {
      const std::size_t new_findings = add_new_findings(state);
      course_->go_on(state, on_stage_, stop_);
      state.rounds.back().new_findings = new_findings;
      save_state(file, key, state);
    }
    return state;
  }

  /// Those that the model of the last round gave; how many there are.
  std::size_t add_new_findings(State& state) {
    const int round = state.rounds.back().number;
    if (round == 0) return 0;
    const auto model = as_model(course_->file(state.repair_now), "the model of the last round");
    std::vector<TrainingFinding> more =
        search_again(settings_, pair_, split_, *model, round, on_stage_, stop_);
    std::move(more.begin(), more.end(), std::back_inserter(state.findings));
    return more.size();
  }

  std::shared_ptr<Model> as_model(const std::string& bytes, const std::string& name) const {
    ModelInfo info;
    info.name = name;
    info.sha256 = sha256_of(bytes);
    const auto model = torchscript_from_bytes(bytes, info, settings_.compressed.load);
    const Model& before = *pair_.compressed;
    model->settle(before.input().output, before.info().scores, before.info().one_by_one);
    return model;
  }

  Result begin_result(const State& state) const {
    Result result;
    result.recognised = course_->recognised();
    result.rounds = state.rounds;
    result.best_round = state.best_round;
    result.learning_rate = state.learning_rate;
    result.control_best_round = state.control_best_round;
    result.training_seeds = settings_.training.size();
    result.unseen_seeds = settings_.unseen.size();
    result.remarks = pair_.remarks;
    return result;
  }

  void test_again(const State& state, Result& result) {
    const std::string repaired = course_->file(state.repair_best);
    const std::string control = course_->file(state.control_best_weights);
    const auto repaired_model = as_model(repaired, "repaired");
    const auto control_model = as_model(control, "control");
    const Facts before = facts_of(pair_.compressed_bytes, pair_.engine);

    const UnseenInputs inputs =
        measure_before(*pair_.original, {"before", pair_.compressed.get(), before}, settings_,
                       result.before, in_out("unseen"), on_stage_, stop_);
    result.repaired = measure(*pair_.original,
                              {"repaired", repaired_model.get(), facts_of(repaired, pair_.engine)},
                              inputs, settings_, on_stage_, stop_);
    result.control =
        measure(*pair_.original, {"control", control_model.get(), facts_of(control, pair_.engine)},
                inputs, settings_, on_stage_, stop_);
    if (settings_.test) {
      result.original_accuracy = accuracy_of(*pair_.original, *settings_.test, settings_.workers);
    }
    result.gates = judge(settings_.gates, result.before, result.repaired, kind_lost(repaired));
    for (std::string& remark : remarks_on(result, course_->corrects_scores()))
      result.remarks.push_back(std::move(remark));
    write_atomically(in_out("findings.json"), findings_json(inputs, result, training_findings_,
                                                            *pair_.original, *repaired_model));
    const bool met = std::all_of(result.gates.begin(), result.gates.end(),
                                 [](const Gate& gate) { return gate.met; });
    result.verdict = met ? Verdict::repaired : Verdict::gates_not_met;
    if (met) {
      result.repaired_file = repaired_file(settings_);
      repaired_bytes_ = repaired;
    }
  }

  std::string kind_lost(const std::string& repaired) const {
    if (course_->corrects_scores()) return "";
    return lost_compression(pair_.compressed_bytes, repaired, settings_.kind, pair_.engine);
  }

  /// The model gets its name last: where anything else cannot be written, there is none.
  void finish(Result& result) {
    result.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    boost::system::error_code ignored;
    std::optional<PendingFile> model;
    if (result.verdict == Verdict::repaired) model.emplace(result.repaired_file, repaired_bytes_);
    write_atomically(in_out("report.json"), report_json(settings_, result));
    write_atomically(in_out("report.txt"), report_text(settings_, result));
    if (model) model->commit();
    fs::remove(in_out(state_file), ignored);
  }

  const Settings& settings_;
  const OnStage& on_stage_;
  StopSignal stop_;
  Clock::time_point begin_;
  Pair pair_;
  Split split_;
  std::unique_ptr<Course> course_;
  std::vector<TrainingFinding> training_findings_;
  std::string repaired_bytes_;  ///< of the file to be written
  bool nothing_found_ = false;
};

}  // namespace

Result repair(const Settings& settings, const OnStage& on_stage, const StopSignal& stop) {
  return Work(settings, on_stage, stop).run();
}

std::string dry_run(const Settings& settings) {
  const Pair pair = open_pair(settings);
  if (!settings.corpus.empty())
    read_corpus(settings.corpus, pair.original->info(), pair.compressed->info());
  check_output(settings);
  const auto model = open_compressed(settings, pair);
  try_training(*model, settings, pair);
  std::string text = model->text();
  for (const std::string& remark : pair.remarks) text += "\n" + remark;
  return text;
}

}  // namespace dflare::repair
