#pragma once

namespace dflare {

/// While one of these lives, OpenCV uses no threads of its own: the workers of a search share the
/// cores among them, and for small images its threads cost more than they bring (measured: a tenth
/// of the time of a search on MNIST). The setting is one for the process; the last one to go puts
/// back what was there before the first.
class OneOpenCvThread {
 public:
  OneOpenCvThread();
  ~OneOpenCvThread();
  OneOpenCvThread(const OneOpenCvThread&) = delete;
  OneOpenCvThread& operator=(const OneOpenCvThread&) = delete;
};

}  // namespace dflare
