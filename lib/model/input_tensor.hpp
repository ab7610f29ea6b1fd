#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dflare/model.hpp"
#include "model/eight_bit.hpp"

namespace dflare {

/// What the values of an input tensor are.
enum class Element {
  float32,  ///< as InputSpec says
  uint8,    ///< the same by Quantisation, else pixels as they are
  int8      ///< likewise, else pixel - 128
};

/// What a model file, a process or a server says of its own input tensor and answers.
struct InputTensor {
  Element element = Element::float32;
  std::optional<Quantisation> quantisation;  ///< of 8-bit elements, where it can be known
  std::optional<Layout> layout;              ///< where it can be known
  ImageSize size;                            ///< where it is fixed
  int channels = 0;                          ///< 0: open
  int most_images = 0;                       ///< at once; 0: any number
  std::optional<Output> output;              ///< where it can be known
};

/// Of a tensor of four dimensions, -1 where one is open. The layout is read off the place of the
/// channels, 1 or 3, unless it is given. Throws ModelError for other tensors.
InputTensor input_tensor(Element element, const std::vector<std::int64_t>& shape,
                         std::optional<Layout> layout = {});

/// The user's specification, completed by what the model says: size and channels where the user
/// left them out, layout and output wherever the model says them. Throws ModelError where they
/// contradict, and where what an 8-bit tensor stands for is not what images become.
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

  /// Of an 8-bit element whose numbers stand for what is given, if it is known.
  explicit Feed(Element element, std::optional<Quantisation> quantisation = {})
      : element_(element), quantisation_(quantisation) {}

  /// Valid until the batch changes, is asked for another form, or this is called again. Throws
  /// ModelError as ImageBatch::floats() does.
  Tensor fill(const ImageBatch& images, const InputSpec& spec);

 private:
  const cv::Mat& table_for(const InputSpec& spec, int channels);

  Element element_;
  std::optional<Quantisation> quantisation_;
  std::vector<unsigned char> bytes_;
  cv::Mat table_;  ///< the bytes for pixels, of the specification that follows
  InputSpec table_spec_;
};

}  // namespace dflare
