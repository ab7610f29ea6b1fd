#pragma once

/// @file
/// Where seed inputs come from: folders, IDX and CIFAR-10 files, memory, a source of one's own.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dflare/image.hpp"

namespace dflare {

/// An image the search starts from.
struct Seed {
  std::string id;  ///< stable name: file name relative to its folder, or index in its file
  Image image;     ///< 8-bit, 1 or 3 channels
  std::optional<int> label;  ///< true class, where known
};

/// Where seed images come from. Implementations are immutable and may be read from several threads.
class SeedSource {
 public:
  virtual ~SeedSource() = default;
  /// Number of images.
  virtual std::size_t size() const = 0;
  /// Unique in the source and not empty; `index` is below size(). Loads no image.
  virtual std::string id(std::size_t index) const = 0;
  /// The true class, where known. Loads no image.
  virtual std::optional<int> label(std::size_t index) const = 0;
  /// Throws SeedError if this image cannot be read.
  virtual Image load(std::size_t index) const = 0;
  /// What the source is, for messages, to be put after a number: "images of
  /// t10k-images-idx3-ubyte.gz". Names no folder of this machine.
  virtual std::string name() const = 0;
  /// What a user might take for a part of it but is left out, a sentence each: "20 images in
  /// sub-folders are left out". Nothing where all is in.
  virtual std::vector<std::string> remarks() const { return {}; }
};

/// How SeedSet::folder() reads a folder.
struct FolderOptions {
  ColorMode color = ColorMode::as_file;  ///< what the images are converted to
  /// Sub-folders are class names: their sorted order numbers the labels. Otherwise only the files
  /// directly in the folder are read, and they have no labels.
  bool classes = false;
  /// Whether a class folder may hold no image; otherwise it is an error, since a folder that is no
  /// class moves the labels of all behind it.
  bool empty_classes = false;
};

/// An ordered choice of seed inputs of one source. Cheap to copy; images are loaded when asked for.
class SeedSet {
 public:
  /// All PNG, JPEG, BMP and WebP files of a folder (known by their extension, in either case;
  /// hidden ones are left out), sorted by name; an orientation noted in EXIF is not applied.
  /// Nothing is decoded before it is needed. Throws SeedError if the folder is missing or holds no
  /// image.
  static SeedSet folder(const std::string& path, const FolderOptions& options = {});
  /// An IDX file of images (magic 2051, as MNIST is distributed), plain or .gz, with the IDX file
  /// of its labels where one is given. Throws SeedError if a file is missing, truncated or of
  /// another kind, or if the two differ in their number.
  static SeedSet idx(const std::string& images, const std::string& labels = "",
                     ColorMode color = ColorMode::as_file);
  /// CIFAR-10 binary files (3073 bytes an image: label, then 32 x 32 red, green, blue). Ids are the
  /// index, after the file's name and a colon where there are several files.
  static SeedSet cifar10(const std::vector<std::string>& paths,
                         ColorMode color = ColorMode::as_file);
  /// One such file.
  static SeedSet cifar10(const std::string& path, ColorMode color = ColorMode::as_file) {
    return cifar10(std::vector<std::string>{path}, color);
  }
  /// Images in memory; `labels` and `ids` are empty or as many as the images. Ids default to the
  /// index. The images are copied.
  static SeedSet images(const std::vector<Image>& images, const std::vector<int>& labels = {},
                        const std::vector<std::string>& ids = {});
  /// A folder, an IDX file or a CIFAR-10 binary file, told apart by what is there. `color` other
  /// than as_file converts the images of all three.
  static SeedSet open(const std::string& path, ColorMode color = ColorMode::as_file);

  /// All images of a source. Throws SeedError if two of them have the same id, or one has none.
  explicit SeedSet(std::shared_ptr<const SeedSource> source);

  std::size_t size() const { return indices_->size(); }  ///< number of seed inputs
  bool empty() const { return indices_->empty(); }       ///< size() is 0

  /// Of the seed input at a position, 0 to size() - 1. Loads no image.
  std::string id(std::size_t position) const { return source_->id((*indices_)[position]); }
  /// Its true class, where known. Loads no image.
  std::optional<int> label(std::size_t position) const {
    return source_->label((*indices_)[position]);
  }
  /// The position of the largest label, the first of equal ones; nothing where none is known. Loads
  /// no image.
  std::optional<std::size_t> largest_label_at() const;
  /// Throws SeedError if the image cannot be read.
  Seed load(std::size_t position) const;
  /// For messages, as SeedSource::name().
  std::string name() const { return source_->name(); }
  /// SeedSource::remarks(), and of a choice that got less than it asked for: "take 500: there are
  /// 300".
  std::vector<std::string> remarks() const;

  /// The first n (or all, if there are fewer).
  SeedSet take(std::size_t n) const;
  /// All but the first n.
  SeedSet skip(std::size_t n) const;
  /// n of them drawn without replacement, in their original order; the same ones for the same
  /// rng_seed.
  SeedSet sample(std::size_t n, std::uint64_t rng_seed) const;
  /// Those for which `keep` is true. Loads each image once and forgets it; one that cannot be read
  /// stays in, so that the search reports it.
  SeedSet filter(const std::function<bool(const Seed&)>& keep) const;

 private:
  SeedSet with(std::vector<std::size_t> indices) const;
  /// The same, of a choice that asked for so many.
  SeedSet with(std::vector<std::size_t> indices, const char* choice, std::size_t asked) const;

  std::shared_ptr<const SeedSource> source_;
  std::shared_ptr<const std::vector<std::size_t>> indices_;
  std::vector<std::string> remarks_;
};

}  // namespace dflare
