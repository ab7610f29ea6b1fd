#pragma once

/// @file
/// Models and seed inputs as checks and assertions take them: as a path, or in memory.

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "dflare/model.hpp"
#include "dflare/seeds.hpp"

namespace dflare {

/// A model: a path, a std::shared_ptr<Model> or a Model&.
class ModelArgument {
 public:
  /// A file, which load() takes; null is an empty path.
  ModelArgument(const char* path) : path_(path == nullptr ? "" : path) {}
  /// A file, which load() takes.
  ModelArgument(std::string path) : path_(std::move(path)) {}
  /// A model that somebody else owns; it must outlive the argument and its copies.
  ModelArgument(Model& model) : model_(std::shared_ptr<Model>(), &model), in_memory_(true) {}
  /// A model that the argument keeps alive; not null.
  template <class M, class = std::enable_if_t<std::is_base_of_v<Model, M>>>
  ModelArgument(std::shared_ptr<M> model) : model_(std::move(model)), in_memory_(true) {}
  /// What `open` returns, which is not null; for messages it is called `name`. A check calls it
  /// once, in a thread of its own; what it throws is what went wrong.
  ModelArgument(std::string name, std::function<std::shared_ptr<Model>()> open)
      : path_(std::move(name)), open_(std::move(open)) {}

  /// The model, loaded if it was given as a path. Throws ModelError or ConfigError.
  std::shared_ptr<Model> open(const InputSpec& input) const;

  /// For messages: the path, or the name of a model in memory.
  std::string name() const;
  /// The same path, or the same model in memory. What a function opens is never known to be the
  /// same.
  bool is(const ModelArgument& other) const {
    return !open_ && !other.open_ && path_ == other.path_ && model_ == other.model_;
  }

 private:
  std::string path_;
  std::shared_ptr<Model> model_;
  std::function<std::shared_ptr<Model>()> open_;
  bool in_memory_ = false;
};

/// Seed inputs: a path or a SeedSet.
class SeedsArgument {
 public:
  /// What SeedSet::open() takes; null is an empty path.
  SeedsArgument(const char* path) : path_(path == nullptr ? "" : path) {}
  /// What SeedSet::open() takes.
  SeedsArgument(std::string path) : path_(std::move(path)) {}
  /// Copied, which copies no image.
  SeedsArgument(const SeedSet& seeds) : seeds_(std::make_shared<const SeedSet>(seeds)) {}

  /// The seed inputs, opened if they were given as a path. Throws SeedError.
  SeedSet open() const;

  /// For messages: the path, or "300 images of t10k-images-idx3-ubyte.gz".
  std::string name() const;

 private:
  std::string path_;
  std::shared_ptr<const SeedSet> seeds_;
};

}  // namespace dflare
