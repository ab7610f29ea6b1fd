#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/seeds.hpp"

namespace dflare {

std::shared_ptr<const SeedSource> folder_source(const std::string& path,
                                                const FolderOptions& options);
std::shared_ptr<const SeedSource> idx_source(const std::string& images, const std::string& labels,
                                             ColorMode color);
std::shared_ptr<const SeedSource> cifar10_source(const std::vector<std::string>& paths,
                                                 ColorMode color);
std::shared_ptr<const SeedSource> memory_source(const std::vector<Image>& images,
                                                const std::vector<int>& labels,
                                                const std::vector<std::string>& ids);
/// Whether the file begins as an IDX file of images or labels, or as a gzip file, does.
bool looks_like_idx(const std::string& path);
/// Whether the file is as long as whole CIFAR-10 records are.
bool looks_like_cifar10(const std::string& path);
/// As seen_as(), and for files of CIFAR-100.
std::string seen_beside_cifar10(const std::string& bytes);

/// The last component of a path, for names and ids.
std::string file_name(const std::string& path);

}  // namespace dflare
