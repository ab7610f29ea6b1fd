#include "dflare/arguments.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare {

std::shared_ptr<Model> ModelArgument::open(const InputSpec& input) const {
  if (!open_ && !in_memory_) return load(path_, input);
  std::shared_ptr<Model> model = open_ ? open_() : model_;
  if (!model) throw ConfigError("a model is a null pointer; expected one that points to a model");
  return model;
}

std::string ModelArgument::name() const {
  if (!in_memory_) return path_;
  return model_ ? model_->info().name : "a null pointer";
}

SeedSet SeedsArgument::open() const {
  return seeds_ ? *seeds_ : SeedSet::open(path_);
}

std::string SeedsArgument::name() const {
  return seeds_ ? fmt::format("{} {}", seeds_->size(), seeds_->name()) : path_;
}

}  // namespace dflare
