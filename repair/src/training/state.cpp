#include "training/state.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace dflare::repair {
namespace {

using nlohmann::json;

Tensors changed_by_training(const Trainable& model) {
  Tensors all = model.parameters();
  for (const at::Tensor& buffer : model.buffers()) all.push_back(buffer);
  return all;
}

// The file: this line, a line of JSON that says what there is and of what sizes, and the bytes of
// all tensors and images, in that order. Sizes are added up and compared with the file's before
// anything is made of them.
constexpr const char* first_line = "dflare state 1\n";

/// What makes no sense in the file.
[[noreturn]] void damaged(const std::string& what) {
  throw std::runtime_error(what);
}

/// JSON has no infinity, and its readers may round: the bits.
std::uint64_t bits_of(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
double number_of(const json& bits) {
  const auto value = json_value<std::uint64_t>(bits);
  double number = 0;
  std::memcpy(&number, &value, sizeof number);
  return number;
}

constexpr at::ScalarType types[] = {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kByte,
                                    at::kChar,  at::kShort,  at::kInt,  at::kLong,     at::kBool};

class Output {
 public:
  json of(const Tensors& tensors) {
    json all = json::array();
    for (const at::Tensor& given : tensors) {
      const at::Tensor tensor = given.detach().cpu().contiguous();
      const auto type = std::find(std::begin(types), std::end(types), tensor.scalar_type());
      if (type == std::end(types))
        throw ModelError("weights of an unknown type cannot be kept between rounds");
      all.push_back({type - std::begin(types), tensor.sizes().vec()});
      add(tensor.data_ptr(), tensor.nbytes());
    }
    return all;
  }
  json of(const std::vector<TrainingFinding>& findings) {
    json all = json::array();
    for (const TrainingFinding& finding : findings) {
      const cv::Mat image = finding.mutant.clone();
      all.push_back({image.rows, image.cols, image.channels(), finding.label.value_or(-1),
                     bits_of(finding.regret)});
      add(image.data, image.total() * image.elemSize());
    }
    return all;
  }
  std::string bytes;

 private:
  void add(const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
  }
};

class Input {
 public:
  explicit Input(std::string_view bytes) : left_(bytes) {}

  Tensors tensors(const json& list) {
    Tensors all;
    for (const json& one : list) {
      const auto type = json_value<std::size_t>(one.at(0));
      if (type >= std::size(types)) damaged("unknown type of numbers");
      const auto sizes = json_value<std::vector<std::int64_t>>(one.at(1));
      const char* data = take(sizes, c10::elementSize(types[type]));
      all.push_back(at::empty(sizes, types[type]));
      std::copy_n(data, all.back().nbytes(), static_cast<char*>(all.back().data_ptr()));
    }
    return all;
  }
  std::vector<TrainingFinding> findings(const json& list) {
    std::vector<TrainingFinding> all;
    for (const json& one : list) {
      const auto rows = json_value<std::int64_t>(one.at(0)),
                 cols = json_value<std::int64_t>(one.at(1)),
                 channels = json_value<std::int64_t>(one.at(2));
      if (rows < 1 || cols < 1 || rows > most_pixels || cols > most_pixels ||
          (channels != 1 && channels != 3))
        damaged("an image of impossible size");
      const char* data = take({rows, cols, channels}, 1);
      TrainingFinding finding;
      finding.mutant.create(static_cast<int>(rows), static_cast<int>(cols),
                            channels == 1 ? CV_8UC1 : CV_8UC3);
      std::copy_n(data, finding.mutant.total() * finding.mutant.elemSize(), finding.mutant.data);
      if (const int label = json_value<int>(one.at(3)); label >= 0) finding.label = label;
      finding.regret = number_of(one.at(4));
      all.push_back(finding);
    }
    return all;
  }
  void end() const {
    if (!left_.empty()) damaged("more data than it says");
  }

 private:
  static constexpr std::int64_t most_pixels = 1 << 16;

  /// The next bytes, which are there.
  const char* take(const std::vector<std::int64_t>& sizes, std::size_t bytes) {
    const bool empty = std::count(sizes.begin(), sizes.end(), 0) > 0;
    for (const std::int64_t size : sizes) {
      if (size < 0) damaged("sizes below 0");
      if (empty) continue;
      if (static_cast<std::uint64_t>(size) > left_.size() / bytes)
        damaged("sizes that its data do not have");
      bytes *= static_cast<std::size_t>(size);
    }
    if (empty) bytes = 0;
    if (bytes > left_.size()) damaged("it ends too early");
    const char* data = left_.data();
    left_.remove_prefix(bytes);
    return data;
  }

  std::string_view left_;
};

json of(const Round& round) {
  return {round.number,
          round.findings,
          round.new_findings,
          round.validation_disagreements,
          bits_of(round.loss),
          bits_of(round.validation),
          bits_of(round.control_validation),
          bits_of(round.seconds)};
}

Round round_of(const json& value) {
  Round round;
  round.number = json_value<int>(value.at(0));
  round.findings = json_value<std::size_t>(value.at(1));
  round.new_findings = json_value<std::size_t>(value.at(2));
  round.validation_disagreements = json_value<std::size_t>(value.at(3));
  round.loss = number_of(value.at(4));
  round.validation = number_of(value.at(5));
  round.control_validation = number_of(value.at(6));
  round.seconds = number_of(value.at(7));
  return round;
}

/// Rounds are counted from 0, and the best ones are of them.
void check(const State& state) {
  if (state.rounds.empty()) damaged("no rounds");
  for (std::size_t i = 0; i < state.rounds.size(); ++i) {
    if (state.rounds[i].number != static_cast<int>(i)) damaged("rounds out of order");
  }
  const int last = state.rounds.back().number;
  for (const int best : {state.best_round, state.control_best_round}) {
    if (best < 0 || best > last) damaged("a best round that is none");
  }
  if (state.rounds.front().findings > state.findings.size()) damaged("fewer findings than it says");
}

/// Of the line of JSON.
constexpr std::size_t deepest = 8;

State read_state(const std::string& bytes, const std::string& file,
                 const std::string& fingerprint) {
  const std::size_t begin = std::strlen(first_line);
  if (bytes.compare(0, begin, first_line) != 0) damaged("another first line");
  const std::size_t end = bytes.find('\n', begin);
  if (end == std::string::npos) damaged("it ends too early");
  const std::string_view whole = bytes;
  const json header = parse_json(bytes.substr(begin, end - begin), {deepest});
  if (json_value<std::string>(header.at("fingerprint")) != fingerprint) {
    throw ConfigError(
        fmt::format("{}: the interrupted repair had another dflare, other settings, models or "
                    "seeds; run with those, or "
                    "without --resume to begin anew",
                    file));
  }
  Input input(whole.substr(end + 1));
  State state;
  for (const json& round : header.at("rounds")) state.rounds.push_back(round_of(round));
  state.best_round = json_value<int>(header.at("best_round"));
  state.control_best_round = json_value<int>(header.at("control_best_round"));
  state.best = number_of(header.at("best"));
  state.control_best = number_of(header.at("control_best"));
  state.learning_rate = number_of(header.at("learning_rate"));
  state.finished = json_value<bool>(header.at("finished"));
  state.repair_now = input.tensors(header.at("repair_now"));
  state.repair_best = input.tensors(header.at("repair_best"));
  state.control_now = input.tensors(header.at("control_now"));
  state.control_best_weights = input.tensors(header.at("control_best_weights"));
  state.findings = input.findings(header.at("findings"));
  state.validation_findings = input.findings(header.at("validation_findings"));
  input.end();
  check(state);
  return state;
}

}  // namespace

Tensors weights_of(const Trainable& model) {
  Tensors copies;
  for (const at::Tensor& tensor : changed_by_training(model))
    copies.push_back(tensor.detach().clone());
  return copies;
}

void set_weights(Trainable& model, const Tensors& weights) {
  const at::NoGradGuard no_gradients;
  const Tensors into = changed_by_training(model);
  bool fits = into.size() == weights.size();
  for (std::size_t i = 0; fits && i < into.size(); ++i)
    fits = into[i].sizes() == weights[i].sizes() && into[i].dtype() == weights[i].dtype();
  if (!fits) {
    throw ModelError(fmt::format(
        "{}: the weights of the interrupted repair are those of another model; run without "
        "--resume",
        model.name));
  }
  for (std::size_t i = 0; i < into.size(); ++i) into[i].copy_(weights[i]);
}

void save_state(const std::string& file, const std::string& fingerprint, const State& state) {
  Output output;
  json header = {{"fingerprint", fingerprint},
                 {"best_round", state.best_round},
                 {"control_best_round", state.control_best_round},
                 {"best", bits_of(state.best)},
                 {"control_best", bits_of(state.control_best)},
                 {"learning_rate", bits_of(state.learning_rate)},
                 {"finished", state.finished}};
  for (const Round& round : state.rounds) header["rounds"].push_back(of(round));
  // In the order of reading.
  header["repair_now"] = output.of(state.repair_now);
  header["repair_best"] = output.of(state.repair_best);
  header["control_now"] = output.of(state.control_now);
  header["control_best_weights"] = output.of(state.control_best_weights);
  header["findings"] = output.of(state.findings);
  header["validation_findings"] = output.of(state.validation_findings);
  write_atomically(file, first_line + header.dump() + "\n" + output.bytes);
}

State load_state(const std::string& file, const std::string& fingerprint) {
  const std::string bytes = read_file(file);
  try {
    return read_state(bytes, file, fingerprint);
  } catch (const ConfigError&) {
    throw;
  } catch (const std::exception& failure) {
    throw ConfigError(
        fmt::format("{}: this is no state of a repair, or a damaged one ({}); run without --resume",
                    file, torch_message(failure)));
  }
}

}  // namespace dflare::repair
