#include <boost/filesystem/path.hpp>

#include "dflare/error.hpp"
#include "dflare/finding.hpp"
#include "finding/document.hpp"
#include "finding/finding_json.hpp"
#include "finding/model_record.hpp"
#include "mutation/transformation_limits.hpp"

namespace dflare {
namespace {

std::string file_in(const std::string& folder) {
  return (boost::filesystem::path(folder) / finding_file).string();
}

bool holds(const Document& document, const std::string& pointer) {
  return document.has(pointer) && !document.get<nlohmann::json>(pointer).is_null();
}

int count_in(const Document& document, const std::string& pointer) {
  return document.has(pointer) ? document.get<int>(pointer) : 0;  // version 1 has not all of them
}

/// The label that a model says, a class of its scores.
int label_in(const Document& document, const std::string& pointer,
             const std::vector<float>& scores) {
  const int label = document.get<int>(pointer);
  const int classes = static_cast<int>(scores.size());
  if (label < 0 || label >= classes)
    document.damaged(pointer,
                     fmt::format("it is {}, expected a class from 0 to {}, as of the scores", label,
                                 classes - 1));
  return label;
}

OwnedAnswer answer_in(const Document& document) {
  OwnedAnswer answer{document.get<std::vector<float>>("/original/scores"),
                     document.get<std::vector<float>>("/compressed/scores")};
  const std::size_t original = answer.original_scores.size(),
                    compressed = answer.compressed_scores.size();
  if (original == 0 || original != compressed)
    throw FindingError(fmt::format(
        "'{0}' holds {1} and {2} scores; expected as many of each model: field "
        "'/compressed/scores' is damaged ({2} scores, expected {1} as of the original); restore "
        "it, or search again to write it anew",
        document.path(), original, compressed));
  return answer;
}

Measurement measurement_in(const Document& document, const OwnedAnswer& answer) {
  Measurement m;
  m.original_label = label_in(document, "/original/label", answer.original_scores);
  m.compressed_label = label_in(document, "/compressed/label", answer.compressed_scores);
  m.original_score = answer.original_scores[static_cast<std::size_t>(m.original_label)];
  m.compressed_score = answer.compressed_scores[static_cast<std::size_t>(m.compressed_label)];
  // Older findings have none, but the scores that it is made of.
  m.regret =
      document.has("/regret") ? document.get<double>("/regret") : deviation_regret(answer.answer());
  m.margin = document.get<double>("/margin");
  return m;
}

std::vector<AppliedOperator> history_in(const Document& document) {
  std::vector<AppliedOperator> history;
  const std::size_t steps = document.get<std::vector<nlohmann::json>>("/history").size();
  for (std::size_t i = 0; i < steps; ++i) {
    const std::string at = fmt::format("/history/{}", i);
    history.push_back({document.get<std::string>(at + "/operator"),
                       document.get<double>(at + "/strength"),
                       document.get<std::string>(at + "/unit")});
  }
  return history;
}

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

constexpr const char* criterion_option = "criterion";

std::map<std::string, std::string> options_in(const Document& document) {
  const std::string criterion = std::string("/options/") + criterion_option;
  if (document.has(criterion)) document.get<std::string>(criterion);  // for its own message
  return document.get<std::map<std::string, std::string>>("/options");
}

}  // namespace

Finding read_finding(const std::string& folder) {
  const Document document(file_in(folder), finding_key, finding_version);
  Finding finding;
  finding.folder = folder;
  finding.seed_id = document.get<std::string>("/seed/id");
  finding.position = document.get<std::size_t>("/seed/position");
  if (holds(document, "/seed/label")) finding.true_label = document.get<int>("/seed/label");
  finding.as_it_is = document.get<bool>("/as_it_is");
  finding.queries = document.get<int>("/queries");
  finding.gradients = count_in(document, "/gradients");
  finding.paths = count_in(document, "/paths");
  static_cast<OwnedAnswer&>(finding) = answer_in(document);
  static_cast<Measurement&>(finding) = measurement_in(document, finding);
  finding.history = history_in(document);
  finding.transformation = transformation_in(document);
  finding.distances.l2 = document.get<double>("/distances/l2");
  finding.distances.l_inf = document.get<double>("/distances/l_inf");
  finding.distances.ssim = document.get<double>("/distances/ssim");
  finding.difference_gain = document.get<double>("/difference_gain");
  finding.options = options_in(document);
  finding.original = model_record(document, "/models/original");
  finding.compressed = model_record(document, "/models/compressed");
  return finding;
}

Criteria criterion_of(const Finding& finding) {
  const auto option = finding.options.find(criterion_option);
  if (option == finding.options.end()) return {};  // version 1
  try {
    return Criteria::parse(option->second);
  } catch (const ConfigError& error) {
    throw FindingError(
        fmt::format("'{}' cannot be judged by its criterion: {}; register it in this program "
                    "(dflare::register_criterion), or search again",
                    file_in(finding.folder), error.what()));
  }
}

}  // namespace dflare
