#include "config/seeds_entry.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare::config {
namespace {

using Kind = SeedsSpec::Kind;

std::vector<std::string> read_paths(const Entry& entry) {
  std::vector<std::string> paths;
  if (!entry.is_list()) {
    if (const auto path = entry.path()) paths.push_back(*path);
    return paths;
  }
  for (const Entry& item : entry.items()) {
    if (const auto path = item.path()) paths.push_back(*path);
  }
  if (paths.empty()) entry.mistake("an empty list where a path or a list of paths was expected");
  return paths;
}

void read_color(const Entry& entry, ColorMode& color) {
  constexpr ColorMode modes[] = {ColorMode::grey, ColorMode::rgb, ColorMode::as_file};
  if (const auto i = entry.choice("color", {"grey", "rgb", "as_file"})) color = modes[*i];
}

void read_count(const Entry& entry, std::optional<std::size_t>& count, std::int64_t least) {
  if (const auto n = entry.whole_number(least)) count = static_cast<std::size_t>(*n);
}

SeedSet open_source(const SeedsSpec& spec) {
  switch (spec.kind) {
    case Kind::folder:
      return SeedSet::folder(spec.paths.at(0), {spec.color, spec.classes, spec.empty_classes});
    case Kind::idx:
      return SeedSet::idx(spec.paths.at(0), spec.labels, spec.color);
    case Kind::cifar10:
      return SeedSet::cifar10(spec.paths, spec.color);
    case Kind::any:
      return SeedSet::open(spec.paths.at(0), spec.color);
    case Kind::none:
      break;
  }
  throw ConfigError(
      "no source of seed inputs; expected one of folder, idx, cifar10, or just a path");
}

}  // namespace

void read_seeds(const Entry& entry, SeedsSpec& spec) {
  if (!entry.is_map()) {
    spec = SeedsSpec();
    spec.kind = Kind::any;
    spec.paths = read_paths(entry);
    return;
  }
  const auto entries =
      entry.entries({"folder", "classes", "empty_classes", "color", "idx", "labels", "cifar10",
                     "skip", "take", "sample", "sample_seed"});
  const auto is_source = [](const std::string& name) {
    return name == "folder" || name == "idx" || name == "cifar10";
  };
  std::string source;
  for (const auto& [name, value] : entries) {
    if (!is_source(name)) continue;
    if (!source.empty())
      value.mistake(
          fmt::format("'{}' is given already; expected one source of seed inputs", source));
    source = name;
  }
  if (!source.empty()) {
    spec.kind = source == "idx" ? Kind::idx : source == "folder" ? Kind::folder : Kind::cifar10;
    spec.paths.clear();
    spec.labels.clear();
    spec.classes = spec.empty_classes = false;
    spec.color = ColorMode::as_file;
  }
  for (const auto& [name, value] : entries) {
    if (name == "cifar10") {
      spec.paths = read_paths(value);
    } else if (is_source(name)) {
      if (const auto path = value.path()) spec.paths = {*path};
    } else if (name == "labels") {
      if (const auto path = value.path()) spec.labels = *path;
    } else if (name == "classes") {
      if (const auto v = value.truth()) spec.classes = *v;
    } else if (name == "empty_classes") {
      if (const auto v = value.truth()) spec.empty_classes = *v;
    } else if (name == "color") {
      read_color(value, spec.color);
    } else if (name == "skip") {
      read_count(value, spec.skip, 0);
    } else if (name == "take") {
      read_count(value, spec.take, 1);
    } else if (name == "sample") {
      read_count(value, spec.sample, 1);
    } else if (name == "sample_seed") {
      if (const auto n = value.whole_number(0)) spec.sample_seed = static_cast<std::uint64_t>(*n);
    }
  }
  const auto only_with = [&](const char* key, Kind kind, const char* of) {
    for (const auto& [name, value] : entries) {
      if (name == key && spec.kind != kind)
        value.mistake(fmt::format("is for '{}' only; leave it out, or give '{}'", of, of));
    }
  };
  only_with("labels", Kind::idx, "idx");
  only_with("classes", Kind::folder, "folder");
  only_with("empty_classes", Kind::folder, "folder");
}

SeedSet SeedSets::open(const SeedsSpec& spec) {
  std::string key = fmt::format("{} {} {} {} {}", static_cast<int>(spec.kind), spec.classes,
                                spec.empty_classes, static_cast<int>(spec.color), spec.labels);
  for (const std::string& path : spec.paths) key += '\n' + path;
  auto source = sources_.find(key);
  if (source == sources_.end()) source = sources_.emplace(key, open_source(spec)).first;

  SeedSet seeds = source->second;
  if (spec.skip) seeds = seeds.skip(*spec.skip);
  if (spec.take) seeds = seeds.take(*spec.take);
  if (spec.sample) seeds = seeds.sample(*spec.sample, spec.sample_seed);
  if (seeds.empty()) {
    throw ConfigError(
        fmt::format("no seed input is left: there are {} {}, and skip is {}; expected at least one",
                    source->second.size(), source->second.name(), spec.skip.value_or(0)));
  }
  return seeds;
}

}  // namespace dflare::config
