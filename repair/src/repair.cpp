#include "dflare/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "checks.hpp"
#include "corpus.hpp"
#include "dflare/finding.hpp"
#include "dflare/search.hpp"
#include "model/torchscript.hpp"
#include "retest/retest.hpp"
#include "state.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"
#include "training/course.hpp"
#include "weights/facts.hpp"
#include "weights/trainable.hpp"

namespace dflare::repair {
namespace {

namespace fs = boost::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* state_file = "state.bin";

/// Findings of the training seeds, and those of the seeds that only validate.
struct Findings {
  std::vector<TrainingFinding> training, validation;
};

/// Hands all deviations on, and keeps their images.
class Keeper : public SearchSink {
 public:
  explicit Keeper(SearchSink* next = nullptr) : next_(next) {}
  void deviation(const Deviation& deviation) override {
    if (next_ != nullptr) next_->deviation(deviation);
    found_.push_back(
        {deviation.position, deviation.mutant.clone(), deviation.seed.label, deviation.margin});
  }
  void failure(const Failure& failure) override {
    if (next_ != nullptr) next_->failure(failure);
  }

  struct Found {
    std::size_t position;
    Image mutant;
    std::optional<int> label;
    double margin;
  };
  std::vector<Found> in_order() {
    std::sort(found_.begin(), found_.end(),
              [](const Found& a, const Found& b) { return a.position < b.position; });
    return std::move(found_);
  }

 private:
  SearchSink* next_;
  std::vector<Found> found_;
};

class Work {
 public:
  Work(const Settings& settings, const OnStage& on_stage, const StopSignal& stop)
      : settings_(settings), on_stage_(on_stage), stop_(stop), begin_(Clock::now()) {}

  Result run() {
    pair_ = open_pair(settings_);
    prepare_folder();
    split_seeds();
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

 private:
  std::string in_out(const char* name) const { return (fs::path(settings_.out) / name).string(); }

  void prepare_folder() const {
    boost::system::error_code failure;
    fs::create_directories(settings_.out, failure);
    if (failure) {
      throw ConfigError(fmt::format("out: the folder '{}' cannot be made: {}; give another one",
                                    settings_.out, failure.message()));
    }
    if (!settings_.resume) {
      fs::remove(in_out(state_file), failure);
    } else if (!fs::exists(in_out(state_file))) {
      throw ConfigError(fmt::format(
          "--resume: there is no interrupted repair in '{}' (no {}); run without --resume",
          settings_.out, state_file));
    }
    require_writable("out", in_out("report.json"));
    require_writable(settings_.repaired.empty() ? "out" : "repaired", repaired_file(settings_));
  }

  /// Rather now than after hours of training.
  static void require_writable(const char* key, const std::string& file) {
    const fs::path probe =
        fs::path(file).parent_path() / fs::unique_path(".dflare-%%%%-%%%%-%%%%-%%%%.tmp");
    try {
      write_file(probe.string(), "");
    } catch (const Error&) {
      throw ConfigError(fmt::format(
          "{}: cannot write '{}': its folder is not there, or may not be written to; give another",
          key, file));
    }
    boost::system::error_code ignored;
    fs::remove(probe, ignored);
  }

  /// Each seed validates with the same probability, drawn from its id.
  void split_seeds() {
    const std::size_t all = pair_.training.size();
    const auto share =
        static_cast<std::size_t>(settings_.train.validation * static_cast<double>(all) + 0.5);
    const std::size_t count = std::min(std::max<std::size_t>(1, share), all - 1);
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < all; ++i)
      order.emplace_back(stream_key(settings_.train.rng_seed, "split " + pair_.training[i].id), i);
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < count; ++i) validates_.insert(order[i].second);
    for (std::size_t i = 0; i < all; ++i) {
      const Seed& seed = pair_.training[i];
      (validates_.count(i) > 0 ? validation_ : training_).push_back({seed.image, seed.label});
    }
  }

  Options search_options(const std::string& stage) const {
    Options options = settings_.search;
    options.stop(stop_).workers(settings_.workers);
    if (on_stage_) {
      options.on_progress([this, stage](const Progress& p) {
        on_stage_({stage, p.seeds_done, p.seeds, p.seconds, fmt::format("{} deviate", p.found)});
      });
    }
    return options;
  }

  void require_no_errors(const SearchResult& result) const {
    for (const SeedResult& seed : result.seeds) {
      if (seed.outcome == Outcome::error) {
        throw ModelError(fmt::format("seed input '{}': {}", settings_.training.id(seed.position),
                                     seed.why ? *seed.why : "an error"));
      }
    }
    if (stop_.requested()) throw Interrupted("the search of the training seeds was interrupted");
  }

  Findings search_training_seeds() {
    const Options options = search_options("searching the training seeds");
    FindingWriter writer(in_out("findings"), *pair_.original, *pair_.compressed, settings_.training,
                         options);
    Keeper keeper(&writer);
    const SearchResult found =
        search(*pair_.original, *pair_.compressed, settings_.training, options, &keeper);
    writer.finish(found);
    require_no_errors(found);
    Findings findings;
    for (const Keeper::Found& one : keeper.in_order()) {
      auto& into = validates_.count(one.position) > 0 ? findings.validation : findings.training;
      into.push_back({one.mutant, one.label, one.margin});
    }
    return findings;
  }

  Findings read_findings() {
    // By image: in the corpus' seed set, it may have had another id.
    std::set<std::string> validating;
    for (const std::size_t i : validates_) validating.insert(key_of(pair_.training[i].image));
    std::set<std::string> unseen;
    for (std::size_t i = 0; i < settings_.unseen.size(); ++i)
      unseen.insert(key_of(pair_.original->input().fit(settings_.unseen.load(i).image)));
    Findings findings;
    for (const CorpusFinding& one :
         read_corpus(settings_.corpus, pair_.original->info(), pair_.compressed->info())) {
      const std::string key = key_of(pair_.original->input().fit(one.seed));
      if (unseen.count(key) > 0) {
        throw ConfigError(fmt::format(
            "corpus '{}': the finding of seed input '{}' was made from an image of unseen; a "
            "re-test on it would say nothing. Give a corpus of other images",
            settings_.corpus, one.seed_id));
      }
      auto& into = validating.count(key) > 0 ? findings.validation : findings.training;
      into.push_back({one.mutant, one.label, one.margin});
    }
    return findings;
  }

  /// What the state of a repair depends on.
  std::string fingerprint(const std::vector<TrainingFinding>& findings) const {
    std::string text =
        fmt::format("{} {} {} {}\n", pair_.original->info().sha256, pair_.compressed->info().sha256,
                    pair_.original->info().runtime, settings_fingerprint(settings_));
    for (const Seed& seed : pair_.training) text += key_of(seed.image);
    if (!settings_.corpus.empty()) {
      for (const TrainingFinding& finding : findings) text += key_of(finding.mutant);
    }
    return sha256_of(text);
  }

  State train() {
    const Findings findings = settings_.corpus.empty() ? search_training_seeds() : read_findings();
    course_ =
        std::make_unique<Course>(settings_, pair_, training_, validation_, findings.validation);
    nothing_found_ = findings.training.empty() && findings.validation.empty();
    training_findings_ = findings.training;
    State state = course_->start(findings.training);
    if (nothing_found_) return state;
    const std::string file = in_out(state_file), key = fingerprint(findings.training);
    if (settings_.resume) state = load_state(file, key);
    while (!state.finished && state.rounds.back().number < settings_.train.rounds) {
      const bool first = state.rounds.back().number == 0;
      const std::size_t new_findings = first ? 0 : add_new_findings(state);
      course_->go_on(state, on_stage_, stop_);
      state.rounds.back().new_findings = new_findings;
      save_state(file, key, state);
    }
    return state;
  }

  /// What the model of the last round still does wrong; how many there are.
  std::size_t add_new_findings(State& state) {
    const std::string bytes = course_->file(state.repair_now);
    const auto model = as_model(bytes, "the model of the last round");
    Keeper keeper;
    Options options =
        search_options(fmt::format("searching again, after round {}", state.rounds.back().number));
    require_no_errors(search(*pair_.original, *model, settings_.training, options, &keeper));
    const std::size_t before = state.findings.size();
    for (Keeper::Found& one : keeper.in_order()) {
      if (validates_.count(one.position) > 0) continue;
      state.findings.push_back({std::move(one.mutant), one.label, one.margin});
    }
    return state.findings.size() - before;
  }

  std::shared_ptr<Model> as_model(const std::string& bytes, const std::string& name) const {
    ModelInfo info;
    info.name = name;
    info.sha256 = sha256_of(bytes);
    return torchscript_from_bytes(bytes, info, settings_.compressed.load);
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
    if (settings_.test) result.original_accuracy = accuracy_of(*pair_.original, *settings_.test);
    result.gates = judge(settings_.gates, result.before, result.repaired, kind_lost(repaired));
    add_remarks(state, result);
    write_findings_state(inputs, result, *repaired_model);
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

  void add_remarks(const State& state, Result& result) const {
    const double before = state.rounds.front().validation;
    constexpr double hardly = 0.5, few = 0.75;
    if (state.best_round == 0) {
      result.remarks.emplace_back(
          "No round made the validation loss smaller: the model is as it was. Try a lower "
          "train.learning_rate, or more steps.");
    } else if (state.best > hardly * before && result.repaired.worst &&
               result.repaired.worst->share() < few) {
      result.remarks.push_back(fmt::format(
          "Training took the validation loss from {:.4g} to {:.4g} only: the compressed model "
          "seems "
          "to lack the capacity to follow the original. A larger compressed model will repair more "
          "than longer training.",
          before, state.best));
    }
    if (course_->corrects_scores()) {
      result.remarks.emplace_back(
          "The model's own weights are as they were; a corrector on top of its scores was trained, "
          "which sees the scores alone and can repair only what they show.");
    }
  }

  /// Every finding with its state before and after.
  void write_findings_state(const UnseenInputs& inputs, const Result& result, Model& repaired) {
    nlohmann::ordered_json json;
    json["dflare_repair_findings"] = 1;
    const auto rows = [&](const std::vector<Deviation>& all, const std::optional<Repaired>& after,
                          const std::optional<Repaired>& control) {
      nlohmann::ordered_json list = nlohmann::ordered_json::array();
      for (std::size_t i = 0; i < all.size(); ++i) {
        nlohmann::ordered_json row;
        row["seed"] = all[i].seed.id;
        row["original"] = all[i].original_label;
        row["before"] = all[i].compressed_label;
        row["margin_before"] = all[i].margin;
        if (after) row["repaired"] = bool(after->each.at(i));
        if (control) row["repaired_by_control"] = bool(control->each.at(i));
        list.push_back(row);
      }
      return list;
    };
    json["unseen_first"] = rows(inputs.first, result.repaired.first, result.control.first);
    json["unseen_worst"] = rows(inputs.worst, result.repaired.worst, result.control.worst);
    nlohmann::ordered_json training = nlohmann::ordered_json::array();
    for (const TrainingFinding& finding : training_findings_) {
      const Scores o = pair_.original->predict(finding.mutant),
                   c = repaired.predict(finding.mutant);
      const Answer answer{{o.row(0), o.classes()}, {c.row(0), c.classes()}};
      training.push_back({{"margin_before", finding.margin},
                          {"repaired", !deviates(answer)},
                          {"margin_after", deviation_margin(answer)}});
    }
    json["training"] = training;
    write_atomically(in_out("findings.json"),
                     json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }

  /// The model gets its name last: where anything else cannot be written, there is none.
  void finish(Result& result) {
    result.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    boost::system::error_code ignored;
    const std::string unnamed = result.repaired_file + ".unfinished";
    const bool repaired = result.verdict == Verdict::repaired;
    if (repaired) write_file(unnamed, repaired_bytes_);
    try {
      write_atomically(in_out("report.json"), report_json(settings_, result));
      write_atomically(in_out("report.txt"), report_text(settings_, result));
      if (repaired) fs::rename(unnamed, result.repaired_file);
    } catch (...) {
      if (repaired) fs::remove(unnamed, ignored);
      throw;
    }
    fs::remove(in_out(state_file), ignored);
  }

  const Settings& settings_;
  const OnStage& on_stage_;
  StopSignal stop_;
  Clock::time_point begin_;
  Pair pair_;
  std::set<std::size_t> validates_;  ///< positions of the training seeds that only validate
  std::vector<Example> training_, validation_;
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
  return open_trainable(pair.compressed_bytes, settings.kind, settings.train.batch_norm,
                        pair.engine, pair.classes, pair.compressed->input().output,
                        settings.train.rng_seed)
      ->text();
}

}  // namespace dflare::repair
