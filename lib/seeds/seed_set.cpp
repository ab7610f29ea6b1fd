#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/random.hpp"
#include "dflare/seeds.hpp"
#include "seeds/sources.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

/// Findings are filed under the ids, so that two equal ones would overwrite each other. Compares
/// hashes first, since a set of all ids would take more memory than all else of a large folder.
void check_ids(const SeedSource& source) {
  using Hashed = std::pair<std::size_t, std::uint32_t>;  // of an id, and its index
  std::vector<Hashed> ids;
  ids.reserve(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::string id = source.id(i);
    if (id.empty()) {
      throw SeedError(
          fmt::format("image {} of the {} has an empty id; give it a name", i, source.name()));
    }
    ids.emplace_back(std::hash<std::string>()(id), static_cast<std::uint32_t>(i));
  }
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 1; i < ids.size(); ++i) {
    for (std::size_t j = i; j > 0 && ids[j - 1].first == ids[i].first; --j) {
      const std::string id = source.id(ids[i].second);
      if (source.id(ids[j - 1].second) != id) continue;
      throw SeedError(fmt::format(
          "two of the {} have the id '{}'; give each image an id of its own", source.name(), id));
    }
  }
}

using Indices = std::vector<std::size_t>;

std::shared_ptr<const Indices> all_of(const SeedSource& source) {
  Indices indices(source.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return std::make_shared<const Indices>(std::move(indices));
}

}  // namespace

std::string file_name(const std::string& path) {
  const fs::path full = fs::absolute(path).lexically_normal();
  const fs::path last = full.filename_is_dot() ? full.parent_path().filename() : full.filename();
  return last.empty() ? path : last.string();
}

SeedSet::SeedSet(std::shared_ptr<const SeedSource> source) : source_(std::move(source)) {
  if (!source_) throw SeedError("a seed set needs a source, but got a null pointer");
  check_ids(*source_);
  indices_ = all_of(*source_);
}

SeedSet SeedSet::with(Indices indices) const {
  SeedSet chosen = *this;
  chosen.indices_ = std::make_shared<const Indices>(std::move(indices));
  return chosen;
}

SeedSet SeedSet::with(Indices indices, const char* choice, std::size_t asked) const {
  SeedSet chosen = with(std::move(indices));
  if (asked > size()) {
    chosen.remarks_.push_back(
        fmt::format("{} {}: there {} {}", choice, asked, size() == 1 ? "is" : "are", size()));
  }
  return chosen;
}

SeedSet SeedSet::folder(const std::string& path, const FolderOptions& options) {
  return SeedSet(folder_source(path, options));
}

SeedSet SeedSet::idx(const std::string& images, const std::string& labels, ColorMode color) {
  return SeedSet(idx_source(images, labels, color));
}

SeedSet SeedSet::cifar10(const std::vector<std::string>& paths, ColorMode color) {
  return SeedSet(cifar10_source(paths, color));
}

SeedSet SeedSet::images(const std::vector<Image>& images, const std::vector<int>& labels,
                        const std::vector<std::string>& ids) {
  return SeedSet(memory_source(images, labels, ids));
}

SeedSet SeedSet::open(const std::string& path, ColorMode color) {
  boost::system::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) {
    throw SeedError(fmt::format(
        "seeds '{}' cannot be opened: {}; give a folder of images, an IDX file (.gz or not) or a "
        "CIFAR-10 binary file",
        path, failed.message()));
  }
  if (fs::is_directory(status)) {
    FolderOptions options;
    options.color = color;
    return folder(path, options);
  }
  if (!fs::is_regular_file(status)) {
    throw SeedError(fmt::format(
        "seeds '{}' are neither a folder nor a regular file; give a folder of images, an IDX file "
        "or a CIFAR-10 binary file",
        path));
  }
  if (looks_like_idx(path)) return SeedSet(idx_source(path, "", color));
  if (looks_like_cifar10(path)) return SeedSet(cifar10_source({path}, color));
  const std::string bytes = read_seed_file(path);
  throw SeedError(fmt::format(
      "seeds '{}' ({} bytes) is neither an IDX file of images nor a CIFAR-10 binary file{}; give "
      "one of these, or a folder of images",
      path, bytes.size(), seen_beside_cifar10(bytes)));
}

std::vector<std::string> SeedSet::remarks() const {
  std::vector<std::string> all = source_->remarks();
  all.insert(all.end(), remarks_.begin(), remarks_.end());
  return all;
}

std::optional<std::size_t> SeedSet::largest_label_at() const {
  std::optional<std::size_t> largest;
  for (std::size_t position = 0; position < size(); ++position) {
    const auto here = label(position);
    if (here && (!largest || *here > *label(*largest))) largest = position;
  }
  return largest;
}

Seed SeedSet::load(std::size_t position) const {
  const std::size_t index = indices_->at(position);
  return {source_->id(index), source_->load(index), source_->label(index)};
}

SeedSet SeedSet::take(std::size_t n) const {
  const auto taken = static_cast<std::ptrdiff_t>(std::min(n, size()));
  return with({indices_->begin(), indices_->begin() + taken}, "take", n);
}

SeedSet SeedSet::skip(std::size_t n) const {
  const auto skipped = static_cast<std::ptrdiff_t>(std::min(n, size()));
  return with({indices_->begin() + skipped, indices_->end()}, "skip", n);
}

SeedSet SeedSet::sample(std::size_t n, std::uint64_t rng_seed) const {
  Indices drawn;
  Random random(stream_key(rng_seed, "sample"));
  std::size_t missing = std::min(n, size());
  // Knuth's selection sampling: each is taken with probability missing / left.
  for (std::size_t position = 0; missing > 0; ++position) {
    const std::size_t left = size() - position;
    if (random.uniform() * static_cast<double>(left) < static_cast<double>(missing)) {
      drawn.push_back((*indices_)[position]);
      --missing;
    }
  }
  return with(std::move(drawn), "sample", n);
}

SeedSet SeedSet::filter(const std::function<bool(const Seed&)>& keep) const {
  Indices kept;
  for (std::size_t position = 0; position < size(); ++position) {
    std::optional<Seed> seed;
    try {
      seed = load(position);
    } catch (const SeedError&) {
      seed.reset();
    }
    if (!seed || keep(*seed)) kept.push_back((*indices_)[position]);
  }
  return with(std::move(kept));
}

}  // namespace dflare
