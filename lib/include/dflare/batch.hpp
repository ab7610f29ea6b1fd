#pragma once

/// @file
/// What models are fed, and what they answer.

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "dflare/image.hpp"

namespace dflare {

/// The order of a batch's values in a model's input tensor.
enum class Layout {
  nchw,  ///< image, channel, row, column
  nhwc   ///< image, row, column, channel
};
/// What a model answers for each class.
enum class Output {
  automatic,      ///< not told: what an examination finds out, else what each batch looks like
  logits,         ///< before softmax, which dflare then applies; logarithms of probabilities too
  probabilities,  ///< 0 to 1, adding up to 1 for each image
  sigmoid         ///< 0 to 1 for each class by itself; served as they are
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
  std::vector<float> mean,            ///< one a channel, or one for all; empty: 0
      stddev;                         ///< likewise; empty: 1
  Layout layout = Layout::nchw;       ///< of the input tensor
  Output output = Output::automatic;  ///< what it answers

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

}  // namespace dflare
