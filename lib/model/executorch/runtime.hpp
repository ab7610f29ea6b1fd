#pragma once

#include <string>
#include <vector>

namespace dflare {

/// While one lives, ExecuTorch computes in the calling thread alone, and its log goes here. The
/// first one opens ExecuTorch's kernels and its XNNPACK delegate; throws ModelError where they
/// cannot be opened.
class ExecuTorchTurn {
 public:
  ExecuTorchTurn();
  ~ExecuTorchTurn();
  ExecuTorchTurn(const ExecuTorchTurn&) = delete;
  ExecuTorchTurn& operator=(const ExecuTorchTurn&) = delete;

  /// What was logged as an error since.
  const std::vector<std::string>& errors() const { return errors_; }

 private:
  std::vector<std::string> errors_;
  std::vector<std::string>* outer_errors_;
  bool was_alone_;
};

}  // namespace dflare
