#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// What the values of an input tensor are.
enum class Element {
  float32,  ///< as InputSpec says
  uint8,    ///< pixels as they are
  int8      ///< pixel - 128
};

/// What a model file, a process or a server says of its own input tensor and answers.
struct InputTensor {
  Element element = Element::float32;
  std::optional<Layout> layout;  ///< where it can be known
  ImageSize size;                ///< where it is fixed
  int channels = 0;              ///< 0: open
  int most_images = 0;           ///< at once; 0: any number
  std::optional<Output> output;  ///< where it can be known
};

/// Of a tensor of four dimensions, -1 where one is open. The layout is read off the place of the
/// channels, 1 or 3, unless it is given. Throws ModelError for other tensors.
InputTensor input_tensor(Element element, const std::vector<std::int64_t>& shape,
                         std::optional<Layout> layout = {});

/// The user's specification, completed by what the model says: size and channels where the user
/// left them out, layout and output wherever the model says them. Throws ModelError where they
/// contradict, and for mean, stddev or range of an 8-bit tensor, which takes pixels.
InputSpec agree(InputSpec given, const InputTensor& model);

/// Batches in the form of an input tensor.
class Feed {
 public:
  struct Tensor {
    const void* data;
    std::size_t bytes_an_image;
    int count, height, width, channels;

    /// The images from the first-th on.
    const void* from(int first) const {
      return static_cast<const char*>(data) + static_cast<std::size_t>(first) * bytes_an_image;
    }
  };

  explicit Feed(Element element) : element_(element) {}

  /// Valid until the batch changes, is asked for another form, or this is called again. Throws
  /// ModelError as ImageBatch::floats() does.
  Tensor fill(const ImageBatch& images, const InputSpec& spec);

 private:
  Element element_;
  std::vector<unsigned char> bytes_;
};

}  // namespace dflare
