#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/repair_settings.hpp"

namespace dflare::repair {

struct Grid;
struct KeptKind;

/// What one weight tensor was recognised to have, and has to keep while it is trained.
class KeptProperty {
 public:
  virtual ~KeptProperty() = default;

  /// The nearest weight that has it, with gradients as they have to pass.
  virtual at::Tensor obeyed(const at::Tensor& weight) const = 0;
  /// What of it a trained weight of the same shape has lost, in words; empty: nothing.
  virtual std::string lost(const at::Tensor& after) const = 0;
};

/// All that a weight tensor has to keep.
class WeightRule {
 public:
  void add(const KeptKind& kind, std::shared_ptr<const KeptProperty> property) {
    kept_.emplace_back(&kind, std::move(property));
  }

  /// What of this kind it has to keep; null: nothing.
  const KeptProperty* of(const KeptKind& kind) const;
  at::Tensor obeyed(const at::Tensor& weight) const;
  std::string lost(const at::Tensor& after) const;

 private:
  std::vector<std::pair<const KeptKind*, std::shared_ptr<const KeptProperty>>> kept_;
};

/// A weight tensor and what it keeps of some kind.
struct KeptWeight {
  const at::Tensor& value;
  const KeptProperty& property;
};

/// A kind of thing that is recognised in weights and kept. A new one is a source beside this, a
/// line of kept_kinds(), and its setting in Kind.
struct KeptKind {
  const char* name;        ///< of its key in `kind`
  Keep Kind::*keep;        ///< its setting
  const char* none_is_so;  ///< why Keep::always cannot be, where it is recognised in no tensor
  /// What is recognised in the tensor; null: nothing. `packing` is the grid of an int8 kernel's
  /// weight, null elsewhere; `rule` what was recognised before, in the order of kept_kinds().
  std::shared_ptr<const KeptProperty> (*recognise)(const at::Tensor& value, const Grid* packing,
                                                   Keep keep, const WeightRule& rule);
  /// In words what these tensors, one at least, keep; `weights`: how many the model has.
  std::string (*words)(const std::vector<KeptWeight>& kept, std::size_t weights);
};

/// All of them, in the order in which they are recognised and obeyed.
const std::vector<const KeptKind*>& kept_kinds();

/// Whether anything is asked for by Keep::always.
bool anything_must_stay(const Kind& kind);

WeightRule recognise(const at::Tensor& value, const Grid* packing, const Kind& kind);

}  // namespace dflare::repair
