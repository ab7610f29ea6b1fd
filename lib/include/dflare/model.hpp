#pragma once

/// @file
/// Models: what they are fed, how they are loaded and evaluated; the base class of a backend.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/image.hpp"
#include "dflare/model_source.hpp"

namespace dflare {

/// The order of a batch's values in a model's input tensor.
enum class Layout {
  nchw,  ///< image, channel, row, column
  nhwc   ///< image, row, column, channel
};
/// What a model answers for each class.
enum class Output {
  logits,        ///< before softmax, which dflare then applies
  probabilities  ///< 0 to 1, adding up to 1 for each image
};

/// What a model wants to be fed, and what it answers. A pixel v becomes, in single precision,
/// (low + v / 255 * (high - low) - mean[c]) / stddev[c]. With low 0 and high 1 that is
/// torchvision's ToTensor and Normalize, bit for bit.
struct InputSpec {
  ImageSize size;       ///< not given: images of any size
  bool resize = false;  ///< resize images of another size (by area when shrinking, else bilinear)
  int channels = 0;     ///< 1 or 3; 0: as the images are
  float low = 0,        ///< what the pixel 0 becomes, before mean and stddev
      high = 1;         ///< what the pixel 255 becomes
  std::vector<float> mean,         ///< one a channel, or one for all; empty: 0
      stddev;                      ///< likewise; empty: 1
  Layout layout = Layout::nchw;    ///< of the input tensor
  Output output = Output::logits;  ///< logits go through softmax

  /// Throws ConfigError naming the field that makes no sense.
  void check() const;

  /// The image as this specification wants it: resized if it says so, else the image itself. Throws
  /// ModelError where size or channels do not match.
  Image fit(const Image& image) const;
};

/// Equal in every field.
bool operator==(const InputSpec& a, const InputSpec& b);
/// Different in some field.
inline bool operator!=(const InputSpec& a, const InputSpec& b) {
  return !(a == b);
}

/// The images of one evaluation. Keeps the float form of its images, so that two models with equal
/// input specifications convert them once. Not for use by several threads.
class ImageBatch {
 public:
  ImageBatch() = default;
  /// Of these images, in their order. Their pixels are shared, as cv::Mat does.
  explicit ImageBatch(std::vector<Image> images) : images_(std::move(images)) {}

  std::size_t size() const { return images_.size(); }  ///< number of images
  /// The image as it was added, at i from 0; not checked.
  const Image& operator[](std::size_t i) const { return images_[i]; }

  /// Empties the batch; memory is kept for the next one.
  void clear();
  /// Appends the image; its pixels are shared and must not change while it is in the batch.
  void add(const Image& image);

  /// Images in the form that a model is fed.
  struct Floats {
    const float* data;  ///< count * height * width * channels values, in the order of the layout
    int count,          ///< images
        height,         ///< of each, pixels
        width,          ///< of each, pixels
        channels;       ///< of each, 1 or 3
  };
  /// The images as `spec` wants them, one after another. Valid until the batch changes or is asked
  /// for another specification. Throws ModelError if an image does not fit, they differ in shape,
  /// or there is none.
  Floats floats(const InputSpec& spec) const;

  /// A backend's own form of the images, which models that are asked after one another may share;
  /// gone when the batch changes.
  std::shared_ptr<void>& backend_form() const { return backend_form_; }

 private:
  std::vector<Image> images_;
  mutable std::vector<float> floats_;
  mutable InputSpec spec_;
  mutable bool converted_ = false;
  mutable Floats shape_{};
  mutable std::shared_ptr<void> backend_form_;
};

/// Probabilities, one row an image. A row that holds a NaN or infinity says that the model answered
/// one there.
class Scores {
 public:
  int rows() const { return rows_; }        ///< number of images
  int classes() const { return classes_; }  ///< values a row
  /// The classes() values of image i, counted from 0; not checked.
  float* row(int i) { return values_.data() + static_cast<std::size_t>(i) * classes_; }
  /// The classes() values of image i, counted from 0; not checked.
  const float* row(int i) const { return values_.data() + static_cast<std::size_t>(i) * classes_; }
  bool finite(int i) const;  ///< whether row i holds no NaN and no infinity
  /// For a backend that is to fill it: the values are unspecified afterwards.
  void resize(int rows, int classes);

 private:
  int rows_ = 0, classes_ = 0;
  std::vector<float> values_;
};

/// What is known of a model, for messages, findings and replays.
struct ModelInfo {
  std::string path;    ///< as given; empty for a model in memory
  std::string name;    ///< for messages: the path, or what the maker of an in-memory model calls it
  std::string sha256;  ///< of the file; empty for a model in memory
  std::string backend;    ///< "TorchScript", "OpenVINO", "ExecuTorch", "process", "server"
  std::string runtime;    ///< "LibTorch 1.13.1"
  std::string device;     ///< "cpu", "cuda:0"
  std::string engine;     ///< quantised engine of an int8 model; empty otherwise
  Command process;        ///< of a model that a command answers for
  Server server;          ///< of a model behind a server
  bool isolated = false;  ///< whether the file is loaded in a process of its own
  ProcessLimits limits;   ///< of that process
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

  /// What run() of another model leaves, for a model that stands before it.
  static void run(Model& other, const ImageBatch& images, Scores& answers) {
    other.run(images, answers);
  }
  /// What queue() of another model returns, likewise.
  static Finish queue(Model& other, const ImageBatch& images) { return other.queue(images); }

  ModelInfo info_;  ///< what info() returns; a backend may complete it
  /// The step between two answers of a model of 8-bit answers, such as 1/256; 0 otherwise. Their
  /// probabilities add up to 1 but for half a step a class.
  float score_step_ = 0;
  /// Whether run() leaves what predict() is to return, whatever input() says the model answers: of
  /// a model that is evaluated by dflare elsewhere.
  bool checked_probabilities_ = false;
  /// For a model that stands before another one and whose run() leaves what the other's does.
  void answer_like(const Model& other) {
    score_step_ = other.score_step_;
    checked_probabilities_ = other.checked_probabilities_;
  }

 private:
  void to_probabilities(Scores& scores) const;
  void finish(const Finish& queued, const ImageBatch& images, Scores& scores);

  InputSpec input_;
  int classes_ = 0;
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
/// From the one of the three that the source holds. Throws ConfigError where that is none, or
/// several.
std::shared_ptr<Model> load(const ModelSource& source, const LoadOptions& options);

/// `model`, with the gradients of `twin`: the same network in a backend that has gradients. Throws
/// ModelError if `twin` has none.
std::shared_ptr<Model> with_gradients_from(std::shared_ptr<Model> model,
                                           std::shared_ptr<Model> twin);

}  // namespace dflare
