#pragma once

#include <memory>
#include <string>

#include "dflare/error.hpp"
#include "dflare/model.hpp"

namespace dflare {

/// Calls `make` and puts the model's name before what it throws as ModelError.
template <class Make>
std::shared_ptr<Model> naming_model(const std::string& name, Make make) {
  try {
    return make();
  } catch (const ModelError& failure) {
    throw ModelError(name, failure.what());
  }
}

}  // namespace dflare
