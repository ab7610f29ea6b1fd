#include "model/input_tensor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "model/equal_shapes.hpp"
#include "model/input_json.hpp"

namespace dflare {
namespace {

std::string shape_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sides;
  for (const std::int64_t side : shape) sides.push_back(side < 0 ? "?" : std::to_string(side));
  return fmt::format("{}", fmt::join(sides, " x "));
}

bool may_be_channels(std::int64_t side) {
  return side == 1 || side == 3;
}

std::optional<Layout> layout_of(const std::vector<std::int64_t>& shape) {
  const bool first = may_be_channels(shape[1]), last = may_be_channels(shape[3]);
  if (first == last) return std::nullopt;
  return first ? Layout::nchw : Layout::nhwc;
}

int side_or_open(std::int64_t side) {
  return side < 0 ? 0 : static_cast<int>(side);
}

std::string size_text(const ImageSize& size) {
  return fmt::format("{} x {}", size.height, size.width);
}

EightBitInput eight_bit(Element element, const std::optional<Quantisation>& quantisation) {
  return {element == Element::int8, quantisation};
}

void append_bytes(const Image& image, Layout layout, const cv::Mat& table,
                  std::vector<unsigned char>& bytes) {
  const std::size_t begin = bytes.size(), pixels = image.total();
  bytes.resize(begin + pixels * image.elemSize());
  cv::Mat out(image.size(), image.type(), bytes.data() + begin);
  if (layout == Layout::nchw && image.channels() == 3) {
    unsigned char* planes = out.data;
    cv::Mat numbers;
    cv::LUT(image, table, numbers);
    cv::split(numbers, std::vector<cv::Mat>{cv::Mat(image.size(), CV_8UC1, planes),
                                            cv::Mat(image.size(), CV_8UC1, planes + pixels),
                                            cv::Mat(image.size(), CV_8UC1, planes + 2 * pixels)});
  } else {
    cv::LUT(image, table, out);
  }
}

}  // namespace

InputTensor input_tensor(Element element, const std::vector<std::int64_t>& shape,
                         std::optional<Layout> layout) {
  if (shape.size() != 4) {
    throw ModelError(fmt::format(
        "its input is a tensor of {} dimension(s) ({}); expected 4: images, height, width and "
        "channels (1 or 3)",
        shape.size(), shape_of(shape)));
  }
  constexpr std::int64_t longest_side = 1 << 24;
  if (std::any_of(shape.begin(), shape.end(), [](auto side) { return side > longest_side; })) {
    throw ModelError(fmt::format("its input is a tensor of {}; expected sides of at most {}",
                                 shape_of(shape), longest_side));
  }
  if (!layout) layout = layout_of(shape);
  InputTensor tensor;
  tensor.element = element;
  tensor.layout = layout;
  tensor.most_images = side_or_open(shape[0]);
  // Where both ends may be the channels, they are left to the user, with the size.
  if (!layout) {
    const bool none = shape[1] > 0 && shape[3] > 0 && !may_be_channels(shape[1]);
    if (none) {
      throw ModelError(
          fmt::format("its input is a tensor of {}; expected 1 or 3 channels in the second or the "
                      "last place",
                      shape_of(shape)));
    }
    return tensor;
  }
  const bool planar = *layout == Layout::nchw;
  const std::int64_t channels = planar ? shape[1] : shape[3];
  if (channels >= 0 && !may_be_channels(channels)) {
    throw ModelError(fmt::format("its input has {} channels ({}); expected 1 (grey) or 3 (RGB)",
                                 channels, shape_of(shape)));
  }
  tensor.channels = side_or_open(channels);
  const std::int64_t height = planar ? shape[2] : shape[1], width = planar ? shape[3] : shape[2];
  if (height > 0 && width > 0) {
    tensor.size = {static_cast<int>(height), static_cast<int>(width)};
  }
  return tensor;
}

InputSpec agree(InputSpec given, const InputTensor& model) {
  if (model.element != Element::float32)
    require_fitting(given, eight_bit(model.element, model.quantisation));
  if (model.size.given()) {
    if (given.size.given() && given.size != model.size) {
      throw ModelError(fmt::format(
          "it takes images of {}, but its input specification says size {}; leave the size out, "
          "or correct it",
          size_text(model.size), size_text(given.size)));
    }
    given.size = model.size;
  }
  if (model.channels != 0) {
    if (given.channels != 0 && given.channels != model.channels) {
      throw ModelError(
          fmt::format("it takes images of {} channel(s), but its input specification says {}; "
                      "leave the channels out, or correct them",
                      model.channels, given.channels));
    }
    given.channels = model.channels;
  }
  if (model.layout) given.layout = *model.layout;
  if (model.output && *model.output != Output::automatic) {
    if (given.output != Output::automatic && given.output != *model.output) {
      throw ModelError(fmt::format(
          "it says that it answers {}, but its input specification says output: {}; leave the "
          "output out, or correct it",
          output_name(*model.output), output_name(given.output)));
    }
    given.output = *model.output;
  }
  return given;
}

const cv::Mat& Feed::table_for(const InputSpec& spec, int channels) {
  if (table_.empty() || table_.channels() != channels || table_spec_ != spec) {
    table_ = bytes_for_pixels(spec, eight_bit(element_, quantisation_), channels);
    table_spec_ = spec;
  }
  return table_;
}

Feed::Tensor Feed::fill(const ImageBatch& images, const InputSpec& spec) {
  if (element_ == Element::float32) {
    const ImageBatch::Floats floats = images.floats(spec);
    const auto values = static_cast<std::size_t>(floats.height) *
                        static_cast<std::size_t>(floats.width) *
                        static_cast<std::size_t>(floats.channels);
    return {floats.data,   values * sizeof(float), floats.count,
            floats.height, floats.width,           floats.channels};
  }
  if (images.size() == 0) {
    throw ModelError("the batch has no image; add at least one before evaluating it");
  }
  bytes_.clear();
  Image first;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Image image = spec.fit(images[i]);
    if (i == 0) first = image;
    require_equal_shapes(first, image, i);
    append_bytes(image, spec.layout, table_for(spec, image.channels()), bytes_);
  }
  return {bytes_.data(),
          bytes_.size() / images.size(),
          static_cast<int>(images.size()),
          first.rows,
          first.cols,
          first.channels()};
}

}  // namespace dflare
