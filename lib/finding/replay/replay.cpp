#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <cmath>

#include "dflare/error.hpp"
#include "dflare/finding.hpp"
#include "finding/finding_json.hpp"
#include "finding/pictures.hpp"
#include "finding/replay/changes.hpp"
#include "finding/replay/own_models.hpp"
#include "finding/replay/shown_source.hpp"
#include "finding/run_json.hpp"
#include "program/environment.hpp"
#include "program/shell.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

/// All of a finding's files that a replay needs.
struct Files {
  Finding finding;  ///< of an absolute folder
  Criteria criterion;
  Image seed, mutant;
};

Image read_picture(const fs::path& folder, const char* name) {
  const std::string path = picture_in(folder.string(), name);
  try {
    return read_image(path);
  } catch (const Error& error) {
    throw FindingError(fmt::format(
        "the finding cannot be replayed: {} (or search again to write it anew)", error.what()));
  }
}

Files read(const std::string& given) {
  fs::path folder = fs::absolute(given).lexically_normal();
  if (folder.filename() == ".") folder = folder.parent_path();  // was given with a '/' at its end
  if (given.empty() || !fs::is_directory(folder))
    throw FindingError(fmt::format(
        "'{}' is no folder; give the folder of a finding, the one that holds its finding.json",
        given));
  Finding finding = read_finding(folder.string());
  const Criteria criterion = criterion_of(finding);
  return {std::move(finding), criterion, read_picture(folder, seed_picture),
          read_picture(folder, mutant_picture)};
}

void require_alike(const Model& model, const Scores& first, const Scores& again) {
  constexpr float kLastBits = 1e-3F;
  for (int c = 0; c < first.classes(); ++c) {
    if (std::abs(first.row(0)[c] - again.row(0)[c]) <= kLastBits) continue;
    throw ModelError(fmt::format(
        "'{}' answers the finding's mutant.png differently when it is asked again (class {}: "
        "{:.3g} and {:.3g}), so that nothing can be said of it; dropout or observers left on, "
        "noise or a counter inside: take it out (docs/examination.md)",
        model.info().name, c, first.row(0)[c], again.row(0)[c]));
  }
}

std::vector<float> evaluate(Model& model, const Image& image) {
  const Scores scores = model.predict(image);
  if (!scores.finite(0))
    throw ModelError(fmt::format(
        "'{}' answers a score that is not finite (NaN or infinity) for the finding's mutant.png",
        model.info().name));
  require_alike(model, scores, model.predict(image));
  return {scores.row(0), scores.row(0) + scores.classes()};
}

/// Models that somebody gives may have fewer classes than the criterion speaks of.
void check_classes(const Criteria& criterion, int classes) {
  try {
    criterion.check_classes(classes);
  } catch (const ConfigError& error) {
    throw ModelError(fmt::format(
        "the finding's criterion makes no sense for models of {} classes: {}; give models of the "
        "classes that it was found with",
        classes, error.what()));
  }
}

void append_other_mutant(std::vector<std::string>& warnings, const Files& files) {
  const std::optional<Transformation>& transformation = files.finding.transformation;
  if (!transformation || same_pixels(transformation->apply(files.seed), files.mutant)) return;
  warnings.push_back(fmt::format(
      "the transformation of the finding ({}) makes another image of seed.png than mutant.png: a "
      "picture or finding.json was changed, or another dflare or processor made them",
      transformation->text()));
}

Replay evaluate(const Files& files, Model& original, Model& compressed) {
  const Finding& finding = files.finding;
  Replay replay;
  replay.recorded = finding;
  replay.seed = files.seed;
  replay.mutant = files.mutant;
  replay.original_scores = evaluate(original, files.mutant);
  replay.compressed_scores = evaluate(compressed, files.mutant);
  if (replay.original_scores.size() != replay.compressed_scores.size())
    throw ModelError(fmt::format(
        "'{}' answers {} classes and '{}' answers {}; give two models of the same classes",
        original.info().name, replay.original_scores.size(), compressed.info().name,
        replay.compressed_scores.size()));
  const Answer answer = replay.answer();
  check_classes(files.criterion, answer.original.classes);
  replay.deviates = !files.criterion.fixed(answer, finding.true_label);
  replay.criterion = files.criterion.text();
  static_cast<Measurement&>(replay) = measurement_of(answer);
  replay.original = original.info();
  replay.compressed = compressed.info();
  append_changes(replay.warnings, "original", finding.original, record_of(original));
  append_changes(replay.warnings, "compressed", finding.compressed, record_of(compressed));
  append_other_mutant(replay.warnings, files);
  return replay;
}

std::string run_of(const Finding& finding) {
  return (fs::path(finding.folder).parent_path() / run_file).string();
}

RecordedSources sources_in_run(const Finding& finding) {
  const std::string run = run_of(finding);
  if (!fs::exists(run))
    throw FindingError(fmt::format(
        "'{}', which says where the models of the finding '{}' are, is not there; give the files "
        "of both models (--dflare_original=FILE --dflare_compressed=FILE), or the manifest that "
        "names them (dflare-test MANIFEST.yaml --dflare_replay={})",
        run, finding.folder, shell_quoted(finding.folder)));
  return read_sources(run);
}

/// What a caller names for one side, and what the finding has.
struct Side {
  const char* which;
  const ModelRecord& record;
  const std::string& given;
};

void require_known(const Side& side, const Finding& finding, const RecordedSource& in_run) {
  if (!side.given.empty() || in_run.source.given()) return;
  throw FindingError(
      fmt::format("the {} model of '{}' was one in memory, '{}'; replay it from C++ with "
                  "replay(folder, original, compressed) on the models, or give a model file",
                  side.which, finding.folder, side.record.name));
}

void require_there(const Side& side, const Finding& finding, const std::string& path) {
  if (path.empty() || fs::exists(path)) return;
  throw FindingError(fmt::format(
      "the {} model's file '{}'{} is not there; give the file '{}' where it is now", side.which,
      path, side.given.empty() ? fmt::format(", of the finding '{}',", finding.folder) : "",
      side.record.file));
}

[[noreturn]] void refuse(const Finding& finding, const Side& original, const Side& compressed,
                         const ReplayTrust& trust, const RecordedSources& in_run) {
  std::string text = fmt::format(
      "the finding '{}' names models that {}, and what a finding names is only data: nothing of it "
      "is loaded, started or contacted. It names\n",
      finding.folder,
      trust.pairs.empty() ? "you did not name"
                          : fmt::format("no pair of '{}' has", trust.pairs_from));
  std::string files;
  for (const auto& [side, source] : {std::make_pair(&original, &in_run.original),
                                     std::make_pair(&compressed, &in_run.compressed)}) {
    if (!side->given.empty()) continue;
    text += fmt::format("  {:<10}  {}\n", side->which, shown_source(*source, side->record));
    files += fmt::format(" --dflare_{}=FILE", side->which);
  }
  const std::string finding_text = shell_quoted(finding.folder);
  throw FindingError(
      text +
      fmt::format("Name them yourself, by the manifest that has them (the same command, the same "
                  "url and model, or a file of the same SHA-256) or as files:\n"
                  "  dflare-test MANIFEST.yaml --dflare_replay={0}\n"
                  "  dflare-test --dflare_replay={0}{1}\n"
                  "or, if you trust whoever made the finding to run programs on this machine, add "
                  "--dflare_trust_recorded (in C++: ReplayTrust)",
                  finding_text, files));
}

/// With what the environment of whoever trusts the finding has for ${NAME}.
RecordedSource trusted(RecordedSource source) {
  if (source.source.command() == nullptr) return source;
  Command process = *source.source.command();
  process.written = process.words;
  for (std::string& word : process.words) word = expand_environment(word);
  source.source = std::move(process);
  return source;
}

/// Where both models come from; how a given file is isolated is as its pair or run.json has it.
RecordedSources find_sources(const Finding& finding, const Side& original, const Side& compressed,
                             const ReplayTrust& trust) {
  const bool original_given = !original.given.empty(), compressed_given = !compressed.given.empty();
  RecordedSources sources;
  if (original_given && compressed_given) {
    if (fs::exists(run_of(finding))) sources = sources_in_run(finding);
  } else if (const OwnPair* pair =
                 own_pair(trust.pairs, finding, original_given, compressed_given)) {
    const auto own = [](const OwnModel& model) {
      return RecordedSource{model.source, model.isolate, model.sandbox, model.limits};
    };
    sources = {own(pair->original), own(pair->compressed)};
  } else {
    sources = sources_in_run(finding);
    require_known(original, finding, sources.original);
    require_known(compressed, finding, sources.compressed);
    require_there(original, finding, original.given);
    require_there(compressed, finding, compressed.given);
    if (!trust.recorded) refuse(finding, original, compressed, trust, sources);
    if (!original_given) sources.original = trusted(std::move(sources.original));
    if (!compressed_given) sources.compressed = trusted(std::move(sources.compressed));
  }
  for (auto [side, source] : {std::make_pair(&original, &sources.original),
                              std::make_pair(&compressed, &sources.compressed)}) {
    if (side->given.empty()) continue;
    source->source = ModelFile{side->given};
  }
  require_there(original, finding, sources.original.source.path());
  require_there(compressed, finding, sources.compressed.source.path());
  return sources;
}

std::shared_ptr<Model> load_recorded(const RecordedSource& recorded, const ModelRecord& record) {
  LoadOptions options;
  options.input = record.input;
  options.isolate = recorded.isolate;
  options.sandbox = recorded.sandbox;
  options.limits = recorded.limits;
  if (!recorded.source.path().empty()) {
    if (!record.device.empty()) options.device = record.device;
    options.engine = record.engine;
  }
  // What an examination found of the recorded model says nothing of another one.
  options.input.output = Output::automatic;
  const std::shared_ptr<Model> model = load(recorded.source, options);
  if (model->info().sha256 == record.sha256)
    model->settle(record.input.output, record.scores, record.one_by_one);
  return model;
}

}  // namespace

Replay replay(const std::string& folder, const std::string& original, const std::string& compressed,
              const ReplayTrust& trust) {
  const Files files = read(folder);
  const Finding& finding = files.finding;
  const RecordedSources sources =
      find_sources(finding, {"original", finding.original, original},
                   {"compressed", finding.compressed, compressed}, trust);
  const auto original_model = load_recorded(sources.original, finding.original);
  const auto compressed_model = load_recorded(sources.compressed, finding.compressed);
  return evaluate(files, *original_model, *compressed_model);
}

Replay replay(const std::string& folder, Model& original, Model& compressed) {
  return evaluate(read(folder), original, compressed);
}

}  // namespace dflare
