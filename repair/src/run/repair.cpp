#include "dflare/repair.hpp"

#include <boost/filesystem/operations.hpp>
#include <chrono>

#include "data/corpus.hpp"
#include "report/findings_json.hpp"
#include "run/judge.hpp"
#include "run/write.hpp"
#include "setup/output_folder.hpp"
#include "support/files.hpp"
#include "training/training_run.hpp"

namespace dflare::repair {
namespace {

using Clock = std::chrono::steady_clock;

/// The stages of a repair, each of which takes values of those before it and returns its own.
Result repair_in_stages(const RepairContext& context) {
  const Clock::time_point begin = Clock::now();
  const Settings& settings = context.settings;
  const OpenPair pair = open_pair(settings);
  prepare_output(settings);
  const Split split = split_of(pair.training, settings.train);
  const TrainingStart start = start_training(context, pair, split);
  const Trained trained = train(context, pair, split, start);
  Result result;
  if (start.findings.empty()) {
    result = nothing_found(settings, pair, trained);
  } else {
    const Retested retested =
        retest(context, pair, trained.repaired, trained.control, start.findings.training);
    result = judge(settings, pair, trained, retested);
    write_atomically(in_output(settings, output_name::findings_json), findings_json(retested));
  }
  if (result.verdict == Verdict::repaired) result.repaired_file = repaired_file(settings);
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  write_result(settings, result, trained.repaired);
  return result;
}

}  // namespace

Result repair(const Settings& settings, const OnStage& on_stage, const StopSignal& stop) {
  try {
    return repair_in_stages({settings, on_stage, stop});
  } catch (const Interrupted& interrupted) {
    const bool to_resume = boost::filesystem::exists(in_output(settings, output_name::state));
    throw Interrupted(std::string(interrupted.what()) +
                      (to_resume ? "; --resume goes on after the last finished round"
                                 : "; no round was finished, so that there is nothing to resume: "
                                   "run it again"));
  }
}

std::string dry_run(const Settings& settings) {
  const OpenPair pair = open_pair(settings);
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
