#include "state.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/files.hpp"

namespace dflare::repair {
namespace {

using c10::IValue;

Tensors changed_by_training(const Trainable& model) {
  Tensors all = model.parameters();
  for (const at::Tensor& buffer : model.buffers()) all.push_back(buffer);
  return all;
}

IValue list_of(const Tensors& tensors) {
  return c10::List<at::Tensor>(tensors);
}

Tensors tensors_of(const IValue& list) {
  return list.toTensorVector();
}

IValue to_value(const TrainingFinding& finding) {
  const cv::Mat image = finding.mutant.clone();
  const auto size = static_cast<std::int64_t>(image.total() * image.elemSize());
  return c10::ivalue::Tuple::create(at::from_blob(image.data, {size}, at::kByte).clone(),
                                    std::int64_t{image.rows}, std::int64_t{image.cols},
                                    std::int64_t{image.type()},
                                    std::int64_t{finding.label.value_or(-1)}, finding.margin);
}

TrainingFinding to_finding(const IValue& value) {
  const std::vector<IValue> parts = value.toTupleRef().elements().vec();
  at::Tensor pixels = parts[0].toTensor().contiguous();
  TrainingFinding finding;
  finding.mutant = cv::Mat(static_cast<int>(parts[1].toInt()), static_cast<int>(parts[2].toInt()),
                           static_cast<int>(parts[3].toInt()), pixels.data_ptr())
                       .clone();
  if (parts[4].toInt() >= 0) finding.label = static_cast<int>(parts[4].toInt());
  finding.margin = parts[5].toDouble();
  return finding;
}

IValue to_value(const Round& round) {
  return c10::List<double>({static_cast<double>(round.number), static_cast<double>(round.findings),
                            static_cast<double>(round.new_findings), round.loss, round.validation,
                            round.control_validation,
                            static_cast<double>(round.validation_disagreements), round.seconds});
}

Round to_round(const IValue& value) {
  const std::vector<double> v = value.toDoubleVector();
  Round round;
  round.number = static_cast<int>(v.at(0));
  round.findings = static_cast<std::size_t>(v.at(1));
  round.new_findings = static_cast<std::size_t>(v.at(2));
  round.loss = v.at(3);
  round.validation = v.at(4);
  round.control_validation = v.at(5);
  round.validation_disagreements = static_cast<std::size_t>(v.at(6));
  round.seconds = v.at(7);
  return round;
}

template <class T>
IValue tuple_of(const std::vector<T>& items) {
  std::vector<IValue> values;
  for (const T& item : items) values.push_back(to_value(item));
  return c10::ivalue::Tuple::create(std::move(values));
}

State read_state(const std::string& bytes, const std::string& file,
                 const std::string& fingerprint) {
  const IValue all = torch::jit::pickle_load({bytes.begin(), bytes.end()});
  const std::vector<IValue> parts = all.toTupleRef().elements().vec();
  if (parts.at(0).toStringRef() != fingerprint) {
    throw ConfigError(fmt::format(
        "{}: the interrupted repair had other settings, models or seeds; run with those, or "
        "without --resume to begin anew",
        file));
  }
  State state;
  for (const IValue& round : parts.at(1).toTupleRef().elements().vec())
    state.rounds.push_back(to_round(round));
  state.best_round = static_cast<int>(parts.at(2).toInt());
  state.control_best_round = static_cast<int>(parts.at(3).toInt());
  state.best = parts.at(4).toDouble();
  state.control_best = parts.at(5).toDouble();
  state.repair_now = tensors_of(parts.at(6));
  state.repair_best = tensors_of(parts.at(7));
  state.control_now = tensors_of(parts.at(8));
  state.control_best_weights = tensors_of(parts.at(9));
  for (const IValue& finding : parts.at(10).toTupleRef().elements().vec())
    state.findings.push_back(to_finding(finding));
  state.finished = parts.at(11).toBool();
  state.learning_rate = parts.at(12).toDouble();
  for (const IValue& finding : parts.at(13).toTupleRef().elements().vec())
    state.validation_findings.push_back(to_finding(finding));
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
  for (std::size_t i = 0; i < into.size(); ++i) into[i].copy_(weights.at(i));
}

void save_state(const std::string& file, const std::string& fingerprint, const State& state) {
  const IValue all = c10::ivalue::Tuple::create(
      {fingerprint, tuple_of(state.rounds), std::int64_t{state.best_round},
       std::int64_t{state.control_best_round}, state.best, state.control_best,
       list_of(state.repair_now), list_of(state.repair_best), list_of(state.control_now),
       list_of(state.control_best_weights), tuple_of(state.findings), state.finished,
       state.learning_rate, tuple_of(state.validation_findings)});
  const std::vector<char> bytes = torch::jit::pickle_save(all);
  write_atomically(file, {bytes.begin(), bytes.end()});
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
