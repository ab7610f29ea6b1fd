#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/repair_settings.hpp"

namespace dflare::repair {

class Trainable;

/// What a repair works on, checked.
struct OpenPair {
  std::shared_ptr<Model> original, compressed;
  std::string compressed_bytes;
  std::string engine;  ///< quantised engine; empty: none needed
  int classes = 0;
  std::vector<Seed> training;  ///< at the original's input size
  /// What a user should know of what was given: of the examination, and SeedSet::remarks() with the
  /// key of the set.
  std::vector<std::string> remarks;
};

/// Loads models and training seeds. Throws ConfigError, ModelError or SeedError where the settings
/// make no sense, the models do not fit each other, the compressed one is no TorchScript file or
/// answers one score, training images differ in shape, an unseen one is among them, or examine()
/// throws. What both models answer is settled from then on.
OpenPair open_pair(const Settings& settings);

/// The compressed model, to be trained. Throws ModelError naming its file.
std::unique_ptr<Trainable> open_compressed(const Settings& settings, const OpenPair& pair);

/// A TorchScript file that came of the compressed model, fed and read as that is.
std::shared_ptr<Model> load_like_compressed(const Settings& settings, const OpenPair& pair,
                                            const std::string& bytes, const std::string& name);

/// Equal for images of equal pixels.
std::string key_of(const Image& image);

/// All settings that a state depends on, as text.
std::string settings_fingerprint(const Settings& settings);

}  // namespace dflare::repair
