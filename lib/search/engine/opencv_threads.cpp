#include "search/engine/opencv_threads.hpp"

#include <mutex>
#include <opencv2/core/utility.hpp>

namespace dflare {
namespace {

std::mutex mutex;
int searches = 0;
int threads_before = 0;

}  // namespace

OneOpenCvThread::OneOpenCvThread() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (searches++ > 0) return;
  threads_before = cv::getNumThreads();
  cv::setNumThreads(1);
}

OneOpenCvThread::~OneOpenCvThread() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (--searches == 0) cv::setNumThreads(threads_before);
}

}  // namespace dflare
