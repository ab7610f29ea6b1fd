// To be preloaded: pthread_create fails, as under `ulimit -u`, but for the first
// DFLARE_TEST_THREADS times.

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*begin)(void*), void* argument) {
  static std::atomic<int> left{std::atoi(std::getenv("DFLARE_TEST_THREADS"))};
  if (left.fetch_sub(1) <= 0) return EAGAIN;
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(::dlsym(RTLD_NEXT, "pthread_create"));
  return create(thread, attributes, begin, argument);
}
