#pragma once

#include <mutex>
#include <string>

namespace dflare {

/// How the children of one model fare, over all its replicas. A child that failed is replaced by a
/// new one, but not for ever.
class Health {
 public:
  /// Throws ModelError where the model was given up.
  void require_hope() const;

  void started();                             ///< said hello: ends the row of failed starts
  void answered();                            ///< ends the row of failures
  void failed(const std::string& what);       ///< a child that had said hello
  void not_started(const std::string& what);  ///< one that had not
  void give_up(const std::string& why);

 private:
  mutable std::mutex mutex_;
  int failures_ = 0, failed_starts_ = 0;  ///< in a row
  std::string given_up_;
};

}  // namespace dflare
