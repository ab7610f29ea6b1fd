#include "support/jpeg_file.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>

// Needs what <cstdio> and <cstddef> declare.
#include <jpeglib.h>

namespace dflare {
namespace {

using Message = std::array<char, JMSG_LENGTH_MAX>;

/// libjpeg's error manager: keeps the first message and prints none.
struct Errors {
  jpeg_error_mgr manager;  // first: libjpeg knows the whole by its address
  std::jmp_buf stop;
  Message message;
};

Errors& errors_of(j_common_ptr image) {
  return *reinterpret_cast<Errors*>(image->err);
}

void note_damage(j_common_ptr image) {
  Errors& errors = errors_of(image);
  if (errors.message[0] == '\0') errors.manager.format_message(image, errors.message.data());
}

[[noreturn]] void on_error(j_common_ptr image) {
  note_damage(image);
  std::longjmp(errors_of(image).stop, 1);
}

/// Levels from 0 on are traces.
void on_message(j_common_ptr image, int level) {
  if (level < 0) note_damage(image);
}

void print_nothing(j_common_ptr) {}

/// Whether all scans of a progressive image are there: every coefficient was sent, to its last bit.
bool is_complete(const jpeg_decompress_struct& image) {
  if (image.coef_bits == nullptr) return true;
  return std::all_of(image.coef_bits, image.coef_bits + image.num_components, [](const auto& bits) {
    return std::all_of(bits, bits + DCTSIZE2, [](int missing) { return missing == 0; });
  });
}

/// At an eighth of the size, which reads all data and spares most of the arithmetic.
void read_through(jpeg_decompress_struct& image) {
  image.scale_num = 1;
  image.scale_denom = 8;
  image.out_color_space = image.jpeg_color_space;
  image.do_fancy_upsampling = FALSE;
  image.do_block_smoothing = FALSE;
  jpeg_start_decompress(&image);
  const JSAMPARRAY row = (*image.mem->alloc_sarray)(
      reinterpret_cast<j_common_ptr>(&image), JPOOL_IMAGE,
      image.output_width * static_cast<JDIMENSION>(image.output_components), 1);
  while (image.output_scanline < image.output_height) jpeg_read_scanlines(&image, row, 1);
  if (!is_complete(image)) {
    constexpr Message missing{"the last scans of a progressive image are missing"};
    Errors& errors = errors_of(reinterpret_cast<j_common_ptr>(&image));
    if (errors.message[0] == '\0') errors.message = missing;
  }
  jpeg_finish_decompress(&image);
}

/// Hands the image to `read` once its header is read. Of trivial types alone, since an error jumps
/// out of it.
template <class Read>
void open_jpeg(std::string_view bytes, Errors& errors, const Read& read) {
  jpeg_decompress_struct image{};
  image.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = on_error;
  errors.manager.emit_message = on_message;
  errors.manager.output_message = print_nothing;
  if (setjmp(errors.stop) == 0) {
    jpeg_create_decompress(&image);
    jpeg_mem_src(&image, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&image, TRUE);
    read(image);
  }
  jpeg_destroy_decompress(&image);
}

}  // namespace

ImageSize jpeg_size(std::string_view bytes) {
  Errors errors{};
  ImageSize size;
  open_jpeg(bytes, errors, [&size](const jpeg_decompress_struct& image) {
    size = {static_cast<int>(image.image_height), static_cast<int>(image.image_width)};
  });
  return size;
}

std::string jpeg_damage(std::string_view bytes) {
  Errors errors{};
  open_jpeg(bytes, errors, read_through);
  return errors.message.data();
}

}  // namespace dflare
