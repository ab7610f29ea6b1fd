#include "retest/retest_pair.hpp"

#include "setup/output_folder.hpp"
#include "weights/facts.hpp"

namespace dflare::repair {
namespace {

double regret_at(const Image& image, Model& original, Model& compressed) {
  const Scores o = original.predict(image), c = compressed.predict(image);
  return deviation_regret({{o.row(0), o.classes()}, {c.row(0), c.classes()}});
}

}  // namespace

Retested retest(const RepairContext& context, const OpenPair& pair, const std::string& repaired,
                const std::string& control, const std::vector<TrainingFinding>& trained_on) {
  const auto& [settings, on_stage, stop] = context;
  Model& original = *pair.original;
  const auto repaired_model = load_like_compressed(settings, pair, repaired, "repaired");
  const auto control_model = load_like_compressed(settings, pair, control, "control");
  const Facts facts = facts_of(pair.compressed_bytes, pair.engine);

  Retested retested;
  retested.unseen =
      measure_before(original, {"before", pair.compressed.get(), facts}, settings, retested.before,
                     in_output(settings, output_name::unseen), on_stage, stop);
  retested.repaired =
      measure(original, {"repaired", repaired_model.get(), facts_of(repaired, pair.engine)},
              retested.unseen, settings, on_stage, stop);
  retested.control =
      measure(original, {"control", control_model.get(), facts_of(control, pair.engine)},
              retested.unseen, settings, on_stage, stop);
  if (settings.test)
    retested.original_accuracy = accuracy_of(original, *settings.test, settings.workers);
  for (const TrainingFinding& finding : trained_on) {
    retested.training.push_back(
        {finding.regret, regret_at(finding.mutant, original, *repaired_model)});
  }
  return retested;
}

}  // namespace dflare::repair
