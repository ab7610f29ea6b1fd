#include "finding/finding_json.hpp"

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

}  // namespace

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

}  // namespace dflare
