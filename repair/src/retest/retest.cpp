#include "retest/retest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "data/search_stage.hpp"
#include "dflare/error.hpp"
#include "support/beside.hpp"
#include "support/cores.hpp"

namespace dflare::repair {
namespace {

constexpr std::size_t batch_size = 64;

/// A compressed model that ties the original's label with another class is unsure, not right.
bool says_nothing_else(const Answer& answer) {
  return deviation_regret(answer) == 0;
}

struct Tally {
  std::size_t images = 0, agreements = 0, labelled = 0, right = 0;

  Tally& operator+=(const Tally& other) {
    images += other.images;
    agreements += other.agreements;
    labelled += other.labelled;
    right += other.right;
    return *this;
  }
};

/// Adds the seeds from `begin` on, at most up to `end`, that are images of one shape, as a batch.
/// Returns the position behind them.
std::size_t add_alike(Model* original, Model& model, const InputSpec& input, const SeedSet& seeds,
                      std::size_t begin, std::size_t end, Tally& tally) {
  ImageBatch images;
  std::vector<std::optional<int>> labels;
  for (std::size_t i = begin; i < end; ++i) {
    const Seed seed = seeds.load(i);
    const Image image = input.fit(seed.image);
    if (i > begin && (image.size() != images[0].size() || image.type() != images[0].type())) break;
    images.add(image);
    labels.push_back(seed.label);
  }
  end = begin + images.size();
  Scores of_original, of_model;
  try {
    if (original != nullptr) original->predict(images, of_original);
    model.predict(images, of_model);
  } catch (const ModelError& error) {
    throw ModelError(
        fmt::format("the re-test failed at one of the images '{}' to '{}': {}; nothing is written",
                    seeds.id(begin), seeds.id(end - 1), error.what()));
  }
  for (int i = 0; i < of_model.rows(); ++i) {
    const ScoreRow row{of_model.row(i), of_model.classes()};
    if (!of_model.finite(i) || (original != nullptr && !of_original.finite(i))) {
      throw ModelError(fmt::format(
          "the re-test failed at image '{}': a model answers NaN or infinity; nothing is written",
          seeds.id(begin + static_cast<std::size_t>(i))));
    }
    ++tally.images;
    if (original != nullptr) {
      tally.agreements += says_nothing_else({{of_original.row(i), of_original.classes()}, row});
    }
    if (const auto& label = labels[static_cast<std::size_t>(i)]) {
      ++tally.labelled;
      tally.right += top_label(row) == *label;
    }
  }
  return end;
}

/// Of every `step`-th batch, from `first_batch` on: in batches of the same images however many
/// threads there are.
Tally tally_of(Model* original, Model& model, const InputSpec& input, const SeedSet& seeds,
               std::size_t first_batch, std::size_t step) {
  Tally tally;
  for (std::size_t b = first_batch; b * batch_size < seeds.size(); b += step) {
    const std::size_t end = std::min(seeds.size(), (b + 1) * batch_size);
    for (std::size_t at = b * batch_size; at < end;)
      at = add_alike(original, model, input, seeds, at, end, tally);
  }
  return tally;
}

Tally tally_in_parallel(Model* original, Model& model, const InputSpec& input, const SeedSet& seeds,
                        int workers) {
  const std::size_t batches = (seeds.size() + batch_size - 1) / batch_size;
  const auto wanted = static_cast<std::size_t>(workers > 0 ? workers : available_cores());
  const std::size_t threads = std::min(wanted, batches);
  std::vector<std::future<Tally>> parts;
  for (std::size_t t = 0; t < threads; ++t) {
    std::shared_ptr<Model> own_original = original ? original->replicate() : nullptr;
    parts.push_back(beside([=, own = model.replicate(), &input, &seeds] {
      return tally_of(own_original.get(), *own, input, seeds, t, threads);
    }));
  }
  Tally tally;
  for (auto& part : parts) tally += part.get();
  return tally;
}

void measure_agreement(Model& original, const Candidate& candidate, const Settings& settings,
                       Measured& measured) {
  const SeedSet& seeds = settings.test ? *settings.test : settings.unseen;
  const Tally tally =
      tally_in_parallel(&original, *candidate.model, original.input(), seeds, settings.workers);
  measured.agreement_on_test_set = settings.test.has_value();
  measured.agreement_images = tally.images;
  measured.agreements = tally.agreements;
  if (settings.test && tally.labelled > 0)
    measured.accuracy = static_cast<double>(tally.right) / static_cast<double>(tally.labelled);
}

Scores answer_to(Model& model, const Deviation& input) {
  std::string why = fmt::format("model '{}' answers NaN or infinity", model.info().name);
  try {
    Scores scores = model.predict(input.mutant);
    if (scores.finite(0)) return scores;
  } catch (const ModelError& error) {
    why = error.what();
  }
  throw ModelError(
      fmt::format("the re-test failed at the triggering input of '{}': {}; nothing is written",
                  input.seed.id, why));
}

Repaired repaired_of(Model& model, const std::vector<Deviation>& inputs, const StopSignal& stop) {
  Repaired repaired;
  for (const Deviation& input : inputs) {
    if (stop.requested()) throw Interrupted("the re-test was interrupted");
    const Scores scores = answer_to(model, input);
    const std::vector<float>& o = input.original_scores;
    const bool now = says_nothing_else(
        {{o.data(), static_cast<int>(o.size())}, {scores.row(0), scores.classes()}});
    repaired.each.push_back(now);
    ++repaired.inputs;
    repaired.repaired += now;
  }
  return repaired;
}

// The searches of the re-test.

Options first_options(const Settings& settings) {
  return Options().queries(settings.retest.first_queries).rng_seed(settings.search.rng_seed());
}

Options worst_options(const Settings& settings) {
  return Settings::default_search()
      .queries(settings.retest.worst_queries)
      .rng_seed(settings.search.rng_seed());
}

Options everyday_options(const Settings& settings) {
  return everyday().queries(settings.retest.everyday_queries).rng_seed(settings.search.rng_seed());
}

Options dflare_options(const Settings& settings) {
  return first_options(settings).strategy("dflare").queries(settings.retest.dflare_queries);
}

Summary search_unseen(Model& original, const Candidate& candidate, const Options& options,
                      const char* what, const Settings& settings, const OnStage& on_stage,
                      const StopSignal& stop, std::vector<Deviation>* found = nullptr,
                      FindingWriter* writer = nullptr) {
  const SearchStage stage{fmt::format("searching the unseen seeds ({}), {}", what, candidate.name),
                          on_stage,
                          stop,
                          settings.workers,
                          writer,
                          found};
  return summarise(stage.run(original, *candidate.model, settings.unseen, options));
}

void measure_common(Model& original, const Candidate& candidate, const Settings& settings,
                    Measured& measured, const OnStage& on_stage, const StopSignal& stop) {
  measured.name = candidate.name;
  measured.sha256 = candidate.model->info().sha256;
  measured.facts = candidate.facts;
  if (settings.retest.everyday_queries > 0) {
    measured.everyday_search = search_unseen(original, candidate, everyday_options(settings),
                                             "everyday", settings, on_stage, stop);
  }
  if (settings.retest.dflare_queries > 0) {
    measured.dflare_search = search_unseen(original, candidate, dflare_options(settings), "dflare",
                                           settings, on_stage, stop);
  }
  if (on_stage) on_stage({"comparing labels, " + candidate.name, 0, 0, 0, ""});
  measure_agreement(original, candidate, settings, measured);
  if (stop.requested()) throw Interrupted("the re-test was interrupted");
}

}  // namespace

UnseenInputs measure_before(Model& original, const Candidate& before, const Settings& settings,
                            Measured& measured, const std::string& findings,
                            const OnStage& on_stage, const StopSignal& stop) {
  UnseenInputs inputs;
  if (settings.retest.first_queries > 0) {
    measured.first_search = search_unseen(original, before, first_options(settings), "first",
                                          settings, on_stage, stop, &inputs.first);
  }
  if (settings.retest.worst_queries > 0) {
    const Options options = worst_options(settings);
    std::unique_ptr<FindingWriter> writer;
    if (!findings.empty()) {
      writer = std::make_unique<FindingWriter>(findings, original, *before.model, settings.unseen,
                                               options);
    }
    measured.worst_search = search_unseen(original, before, options, "worst", settings, on_stage,
                                          stop, &inputs.worst, writer.get());
  }
  measure_common(original, before, settings, measured, on_stage, stop);
  return inputs;
}

Measured measure(Model& original, const Candidate& candidate, const UnseenInputs& inputs,
                 const Settings& settings, const OnStage& on_stage, const StopSignal& stop) {
  Measured measured;
  if (settings.retest.first_queries > 0) {
    measured.first = repaired_of(*candidate.model, inputs.first, stop);
    measured.first_search = search_unseen(original, candidate, first_options(settings), "first",
                                          settings, on_stage, stop);
  }
  if (settings.retest.worst_queries > 0) {
    measured.worst = repaired_of(*candidate.model, inputs.worst, stop);
    measured.worst_search = search_unseen(original, candidate, worst_options(settings), "worst",
                                          settings, on_stage, stop);
  }
  measure_common(original, candidate, settings, measured, on_stage, stop);
  return measured;
}

std::optional<double> accuracy_of(Model& model, const SeedSet& test, int workers) {
  const Tally tally = tally_in_parallel(nullptr, model, model.input(), test, workers);
  if (tally.labelled == 0) return std::nullopt;
  return static_cast<double>(tally.right) / static_cast<double>(tally.labelled);
}

Interval Repaired::interval() const {
  return inputs == 0 ? Interval{0, 1} : clopper_pearson(repaired, inputs);
}

}  // namespace dflare::repair
