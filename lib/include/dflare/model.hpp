#pragma once

/// @file
/// Models: how they are loaded and evaluated; the base class of a backend.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/batch.hpp"
#include "dflare/image.hpp"
#include "dflare/model_source.hpp"

namespace dflare {

/// What is known of a model, for messages, findings and replays.
struct ModelInfo {
  std::string path;  ///< as given; empty for a model in memory
  std::string name;  ///< for messages: the path, or what the maker of an in-memory model calls it
  /// Of the file, in hexadecimal; where it names further files that hold parts of the model, of all
  /// of them together. Empty for a model in memory.
  std::string sha256;
  std::vector<std::string> files;  ///< those further files, as they were found
  std::string backend;             ///< "TorchScript", "OpenVINO", "ExecuTorch", "process", "server"
  std::string runtime;             ///< "LibTorch 1.13.1"
  std::string device;              ///< "cpu", "cuda:0"
  std::string engine;              ///< quantised engine of an int8 model; empty otherwise
  Command process;                 ///< of a model that a command answers for
  Server server;                   ///< of a model behind a server
  std::string scores;  ///< what an examination found its answers to be: "logits"; empty: none did
  bool one_by_one =
      false;  ///< whether images are evaluated alone, since answers depend on the others
  bool isolated = false;  ///< whether the file is loaded in a process of its own
  bool sandboxed =
      false;             ///< whether that process, or the command, has no network and cannot write
  ProcessLimits limits;  ///< of that process
};

/// A classifier. Maps images to probabilities. A Model is used by one thread at a time; replicate()
/// makes one for another thread.
class Model {
 public:
  virtual ~Model() = default;

  const InputSpec& input() const { return input_; }  ///< as it was loaded or wrapped with
  const ModelInfo& info() const { return info_; }    ///< names, hash, backend, device

  /// Evaluates the batch and leaves one row of probabilities an image in `scores`. Throws
  /// ModelError if an image does not fit the input specification, the model fails, or its answer is
  /// no (number of images) x classes matrix, or contradicts the specification's `output`.
  void predict(const ImageBatch& images, Scores& scores);
  /// The same, with the rows returned.
  Scores predict(const ImageBatch& images);

  /// The rest of an evaluation that begin() began; writes the rows of probabilities.
  using Finish = std::function<void(Scores&)>;
  /// Does the part of predict() that need not be waited for: where the model computes on a device
  /// beside the CPU, all but that. The function that it returns does the rest, and must be called
  /// while the batch is as it was. Both throw as predict() does.
  Finish begin(const ImageBatch& images);

  /// One image alone.
  Scores predict(const Image& image);

  /// The model's own answers, whatever they are, one row an image. Throws ModelError as predict(),
  /// but for what the answers are.
  void answers(const ImageBatch& images, Scores& answers);
  /// What an examination found out: what the answers are, in a word for the Output and in words for
  /// info().scores, and whether images are evaluated alone from now on. Replicas made later know
  /// it.
  void settle(Output output, const std::string& scores, bool one_by_one);

  /// Whether the backend has gradients; not whether this very model can be differentiated.
  virtual bool has_gradients() const { return false; }
  /// d/d(pixel value) of log p[a] - log p[b] at one image, as CV_32F with as many channels as the
  /// image, at the image's own size, also where the input specification resizes it. Zero where the
  /// model is flat, such as where it rounds or is saturated. Later answers of predict() are what
  /// they would have been. Throws ModelError where the backend has no gradients, the model cannot
  /// be differentiated, the image does not fit, there are no such classes, or the gradient is no
  /// finite number.
  virtual cv::Mat gradient(const Image& image, int a, int b);

  /// A model that answers bit for bit the same and may be used by another thread.
  virtual std::shared_ptr<Model> replicate() const = 0;

 protected:
  /// Throws ConfigError for an input specification that makes no sense.
  Model(InputSpec input, ModelInfo info);
  Model(const Model&) = default;  ///< for replicate()

  /// What a backend implements: the model's own answers, before softmax if they are logits. What it
  /// throws becomes a ModelError that names the model.
  virtual void run(const ImageBatch& images, Scores& answers) = 0;
  /// A backend that can be asked without waiting for the answers returns what waits for them; null:
  /// run() does all.
  virtual Finish queue(const ImageBatch& /*images*/) { return nullptr; }
  /// For a backend with gradients: d/d(float input) of its answers' [a] - [b] (of their logarithms
  /// where it answers probabilities), in the order of ImageBatch::floats(input()).
  virtual std::vector<float> input_gradient(const ImageBatch& /*one*/, int /*a*/, int /*b*/) {
    return {};
  }

  ModelInfo info_;  ///< what info() returns; a backend may complete it

 private:
  friend struct ModelAccess;  // dflare's own backends and examinations

  void finish(const Finish& queued, const ImageBatch& images, Scores& scores);
  void predict_one_by_one(const ImageBatch& images, Scores& scores);
  void to_probabilities(Scores& answers) const;

  InputSpec input_;
  Output told_output_ = Output::automatic;
  int classes_ = 0;
  float score_step_ = 0;
};

/// How a model is loaded or wrapped.
struct LoadOptions {
  InputSpec input;             ///< what it is fed and what it answers
  std::string device = "cpu";  ///< "cpu", "cuda", "cuda:1"
  std::string
      engine;  ///< of int8 models: "onednn", "x86", "fbgemm", "qnnpack"; empty: the best there is
  /// Whether a file is loaded in a process of its own (dflare-host), so that a model that crashes
  /// or hangs is a failure of some images and not the end of all.
  bool isolate = false;
  /// Whether that process, or the command, runs without network and without writing anywhere, by
  /// bubblewrap (Linux). Goes for a file with or without `isolate`. Loading throws ModelError where
  /// that cannot be had.
  bool sandbox = false;
  ProcessLimits limits;  ///< of that process, or of the command
};

/// Loads a model file; the extension chooses the backend: .pt, .pth, .ts, .torchscript TorchScript;
/// .onnx, .tflite, .xml OpenVINO; .pte ExecuTorch. What a file says of its input (size, channels,
/// layout) and output goes into the model's input(). Throws ModelError if the file is missing,
/// damaged, of an unknown kind or of one that this build does not read, contradicts the input
/// specification, or wants a device or engine that is not there.
std::shared_ptr<Model> load(const std::string& path, const LoadOptions& options);
/// With the defaults of LoadOptions: on the CPU, images as they are, scaled to 0..1.
std::shared_ptr<Model> load(const std::string& path);
/// With this input, else the defaults of LoadOptions.
std::shared_ptr<Model> load(const std::string& path, const InputSpec& input);

/// A model that a command answers for, in a process of its own for each replica: any runtime, by
/// the protocol of docs/process.md. Throws ModelError where it cannot be started or says so.
std::shared_ptr<Model> load_process(const Command& command, const LoadOptions& options);
/// A model behind a server. Throws ModelError where the server cannot be reached or has no such
/// model, and where this build has no client.
std::shared_ptr<Model> load_server(const Server& server, const LoadOptions& options);
/// From the one of the three that the source is. Throws ConfigError where it is not given().
std::shared_ptr<Model> load(const ModelSource& source, const LoadOptions& options);

/// `model`, with the gradients of `twin`: the same network in a backend that has gradients. Throws
/// ModelError if `twin` has none.
std::shared_ptr<Model> with_gradients_from(std::shared_ptr<Model> model,
                                           std::shared_ptr<Model> twin);

}  // namespace dflare
