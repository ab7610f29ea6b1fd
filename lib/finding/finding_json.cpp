#include "finding/finding_json.hpp"

#include "mutation/transformation_limits.hpp"

namespace dflare {
namespace {

using nlohmann::ordered_json;

ordered_json answer_json(int label, const std::vector<int>& labels,
                         const std::vector<float>& scores) {
  ordered_json json;
  json["label"] = label;
  json["labels"] = labels;
  json["scores"] = scores;
  return json;
}

ordered_json history_json(const std::vector<AppliedOperator>& history) {
  ordered_json list = ordered_json::array();
  for (const AppliedOperator& applied : history) {
    ordered_json json;
    json["operator"] = applied.name;
    json["strength"] = applied.strength;
    json["unit"] = applied.unit;
    list.push_back(json);
  }
  return list;
}

ordered_json transformation_json(const std::optional<Transformation>& transformation) {
  if (!transformation) return nullptr;
  const Transformation& t = *transformation;
  ordered_json json;
  json["rotate"] = t.rotate;
  json["right"] = t.right;
  json["down"] = t.down;
  json["scale"] = t.scale;
  json["shear"] = t.shear;
  json["contrast"] = t.contrast;
  json["brightness"] = t.brightness;
  json["dither"] = t.dither;
  return json;
}

ordered_json seed_json(const Deviation& deviation) {
  ordered_json json;
  json["id"] = deviation.seed.id;
  json["position"] = deviation.position;
  json["label"] =
      deviation.seed.label ? ordered_json(*deviation.seed.label) : ordered_json(nullptr);
  return json;
}

bool holds(const Document& document, const std::string& pointer) {
  return document.has(pointer) && !document.get<nlohmann::json>(pointer).is_null();
}

Criteria criterion_in(const Document& document) {
  const char* pointer = "/options/criterion";
  if (!document.has(pointer)) return {};  // version 1
  try {
    return Criteria::parse(document.get<std::string>(pointer));
  } catch (const ConfigError& error) {
    throw FindingError(
        fmt::format("'{}' cannot be judged by its criterion: {}; register it in this program "
                    "(dflare::register_criterion), or search again",
                    document.path(), error.what()));
  }
}

/// Older findings have none, but the scores that it is made of.
double regret_in(const Document& document) {
  if (document.has("/regret")) return document.get<double>("/regret");
  const auto original = document.get<std::vector<float>>("/original/scores"),
             compressed = document.get<std::vector<float>>("/compressed/scores");
  if (original.empty() || original.size() != compressed.size())
    document.damaged("/compressed/scores", "expected as many scores as /original/scores has");
  return deviation_regret({{original.data(), static_cast<int>(original.size())},
                           {compressed.data(), static_cast<int>(compressed.size())}});
}

}  // namespace

std::optional<Transformation> transformation_in(const Document& document) {
  if (!holds(document, "/transformation")) return std::nullopt;
  const auto number = [&](const std::string& name) {
    return document.get<double>("/transformation/" + name);
  };
  Transformation t;
  t.rotate = number("rotate");
  t.right = number("right");
  t.down = number("down");
  t.scale = number("scale");
  t.shear = number("shear");
  t.contrast = number("contrast");
  t.brightness = number("brightness");
  t.dither = document.get<std::uint32_t>("/transformation/dither");
  try {
    check(t);
  } catch (const ConfigError& error) {
    document.damaged("/transformation", error.what());
  }
  return t;
}

ordered_json options_json(const Options& options, bool all) {
  ordered_json json = ordered_json::object();
  for (const auto& [name, text] : all ? all_options(options) : recorded_options(options))
    json[name] = text;
  return json;
}

ordered_json finding_json(const Deviation& deviation, double difference_gain,
                          const ModelRecord& original, const ModelRecord& compressed,
                          const Options& options) {
  const Answer answer = deviation.answer();
  ordered_json json;
  json[finding_key] = finding_version;
  json["seed"] = seed_json(deviation);
  json["as_it_is"] = deviation.as_it_is;
  json["queries"] = deviation.queries;
  json["gradients"] = deviation.gradients;
  json["paths"] = deviation.paths;
  json["regret"] = deviation.regret;
  json["margin"] = deviation.margin;
  json["original"] =
      answer_json(deviation.original_label, labels_of(answer.original), deviation.original_scores);
  json["compressed"] = answer_json(deviation.compressed_label, labels_of(answer.compressed),
                                   deviation.compressed_scores);
  json["history"] = history_json(deviation.history);
  json["transformation"] = transformation_json(deviation.transformation);
  json["distances"]["l2"] = deviation.distances.l2;
  json["distances"]["l_inf"] = deviation.distances.l_inf;
  json["distances"]["ssim"] = deviation.distances.ssim;
  json["difference_gain"] = difference_gain;
  json["options"] = options_json(options, false);
  json["models"]["original"] = to_json(original);
  json["models"]["compressed"] = to_json(compressed);
  return json;
}

FindingRecord read_finding(const std::string& path) {
  const Document document(path, finding_key, finding_version);
  FindingRecord record;
  record.seed_id = document.get<std::string>("/seed/id");
  if (holds(document, "/seed/label")) record.true_label = document.get<int>("/seed/label");
  record.criterion = criterion_in(document);
  record.transformation = transformation_in(document);
  record.original_label = document.get<int>("/original/label");
  record.compressed_label = document.get<int>("/compressed/label");
  record.regret = regret_in(document);
  record.margin = document.get<double>("/margin");
  record.queries = document.get<int>("/queries");
  record.as_it_is = document.get<bool>("/as_it_is");
  record.options = document.get<std::map<std::string, std::string>>("/options");
  record.original = model_record(document, "/models/original");
  record.compressed = model_record(document, "/models/compressed");
  return record;
}

}  // namespace dflare
