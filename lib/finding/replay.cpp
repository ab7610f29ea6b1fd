#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "dflare/finding.hpp"
#include "finding/changes.hpp"
#include "finding/finding_json.hpp"
#include "finding/run_json.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

struct Finding {
  std::string folder;
  FindingRecord record;
  Image seed, mutant;
};

Image read_picture(const fs::path& path) {
  try {
    return read_image(path.string());
  } catch (const Error& error) {
    throw FindingError(fmt::format(
        "the finding cannot be replayed: {} (or search again to write it anew)", error.what()));
  }
}

Finding read(const std::string& given) {
  fs::path folder = fs::absolute(given).lexically_normal();
  if (folder.filename() == ".") folder = folder.parent_path();  // was given with a '/' at its end
  if (given.empty() || !fs::is_directory(folder))
    throw FindingError(fmt::format(
        "'{}' is no folder; give the folder of a finding, the one that holds its finding.json",
        given));
  Finding finding;
  finding.folder = folder.string();
  finding.record = read_finding((folder / finding_file).string());
  finding.seed = read_picture(folder / seed_picture);
  finding.mutant = read_picture(folder / mutant_picture);
  return finding;
}

std::vector<float> evaluate(Model& model, const Image& image) {
  const Scores scores = model.predict(image);
  if (!scores.finite(0))
    throw ModelError(fmt::format(
        "'{}' answers a score that is not finite (NaN or infinity) for the finding's mutant.png",
        model.info().name));
  return {scores.row(0), scores.row(0) + scores.classes()};
}

ScoreRow row(const std::vector<float>& scores) {
  return {scores.data(), static_cast<int>(scores.size())};
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

void append_other_mutant(std::vector<std::string>& warnings, const Finding& finding) {
  const std::optional<Transformation>& transformation = finding.record.transformation;
  if (!transformation || same_pixels(transformation->apply(finding.seed), finding.mutant)) return;
  warnings.push_back(fmt::format(
      "the transformation of the finding ({}) makes another image of seed.png than mutant.png: a "
      "picture or finding.json was changed, or another dflare or processor made them",
      transformation->text()));
}

Replay evaluate(const Finding& finding, Model& original, Model& compressed) {
  Replay replay;
  replay.seed_id = finding.record.seed_id;
  replay.recorded_original_label = finding.record.original_label;
  replay.recorded_compressed_label = finding.record.compressed_label;
  replay.recorded_margin = finding.record.margin;
  replay.seed = finding.seed;
  replay.mutant = finding.mutant;
  replay.folder = finding.folder;
  replay.original_scores = evaluate(original, finding.mutant);
  replay.compressed_scores = evaluate(compressed, finding.mutant);
  if (replay.original_scores.size() != replay.compressed_scores.size())
    throw ModelError(fmt::format(
        "'{}' answers {} classes and '{}' answers {}; give two models of the same classes",
        original.info().name, replay.original_scores.size(), compressed.info().name,
        replay.compressed_scores.size()));
  const Answer answer{row(replay.original_scores), row(replay.compressed_scores)};
  const Criteria& criterion = finding.record.criterion;
  check_classes(criterion, answer.original.classes);
  replay.deviates = criterion.met(answer, finding.record.true_label);
  replay.criterion = criterion.text();
  replay.transformation = finding.record.transformation;
  replay.original_label = top_label(answer.original);
  replay.compressed_label = top_label(answer.compressed);
  replay.margin = deviation_margin(answer);
  replay.original = original.info();
  replay.compressed = compressed.info();
  append_changes(replay.warnings, "original", finding.record.original, record_of(original));
  append_changes(replay.warnings, "compressed", finding.record.compressed, record_of(compressed));
  append_other_mutant(replay.warnings, finding);
  return replay;
}

// The file `given` if there is one, else what run.json has.
RecordedSource find_source(const char* which, const Finding& finding, const ModelRecord& record,
                           const std::string& given, const RecordedSource& in_run) {
  if (given.empty() && !in_run.known())
    throw FindingError(
        fmt::format("the {} model of '{}' was one in memory, '{}'; replay it from C++ with "
                    "replay(folder, original, compressed) on the models, or give a model file",
                    which, finding.folder, record.name));
  RecordedSource source = in_run;
  if (!given.empty()) {
    source.source = {};
    source.source.file = given;
  }
  const std::string& path = source.source.file;
  if (!path.empty() && !fs::exists(path))
    throw FindingError(fmt::format(
        "the {} model's file '{}'{} is not there; give the file '{}' where it is now", which, path,
        given.empty() ? fmt::format(", of the finding '{}',", finding.folder) : "", record.file));
  return source;
}

std::shared_ptr<Model> load_recorded(const RecordedSource& recorded, const ModelRecord& record) {
  LoadOptions options;
  options.input = record.input;
  options.isolate = recorded.isolate;
  options.limits = recorded.limits;
  if (!recorded.source.file.empty()) {
    if (!record.device.empty()) options.device = record.device;
    options.engine = record.engine;
  }
  return load(recorded.source, options);
}

RecordedSources sources_in_run(const Finding& finding) {
  const fs::path run = fs::path(finding.folder).parent_path() / run_file;
  if (!fs::exists(run))
    throw FindingError(
        fmt::format("'{}', which says where the models of the finding '{}' are, is not there; give "
                    "the files of both models (--dflare_original=FILE --dflare_compressed=FILE)",
                    run.string(), finding.folder));
  return read_sources(run.string());
}

}  // namespace

Replay replay(const std::string& folder, const std::string& original,
              const std::string& compressed) {
  const Finding finding = read(folder);
  const FindingRecord& record = finding.record;
  RecordedSources in_run;
  if (original.empty() || compressed.empty()) in_run = sources_in_run(finding);
  const RecordedSource original_source =
      find_source("original", finding, record.original, original, in_run.original);
  const RecordedSource compressed_source =
      find_source("compressed", finding, record.compressed, compressed, in_run.compressed);
  const auto original_model = load_recorded(original_source, record.original);
  const auto compressed_model = load_recorded(compressed_source, record.compressed);
  return evaluate(finding, *original_model, *compressed_model);
}

Replay replay(const std::string& folder, Model& original, Model& compressed) {
  return evaluate(read(folder), original, compressed);
}

}  // namespace dflare
