#include "search/engine/worker_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

namespace dflare {

WorkerPool::WorkerPool(Model& original, Model& compressed, int workers)
    : wanted_(static_cast<std::size_t>(workers)) {
  // All replicas are made before any thread predicts: making one reads what predicting changes.
  workers_.push_back(std::make_unique<Worker>(original, compressed));
  try {
    while (workers_.size() < wanted_) {
      const auto own_original = original.replicate();
      const auto own_compressed = compressed.replicate();
      workers_.push_back(std::make_unique<Worker>(*own_original, *own_compressed));
      replicas_.insert(replicas_.end(), {own_original, own_compressed});
    }
  } catch (const std::exception& failure) {
    do_with(workers_.size(), failure.what());
  }
}

void WorkerPool::do_with(std::size_t workers, const std::string& why) {
  shortage_ = fmt::format("only {} of {} workers could be started, which takes longer: {}", workers,
                          wanted_, why);
}

void WorkerPool::run(std::size_t tasks, const Step& drive,
                     const std::function<void()>& on_failure) {
  driving_ = running_ = workers_.size();
  std::vector<std::thread> threads;
  try {
    for (std::size_t w = 1; w < workers_.size(); ++w)
      threads.emplace_back([&, w] { work(*workers_[w], tasks, drive, on_failure); });
  } catch (const std::system_error& failure) {
    // Those that run already wait for no more than there are.
    const std::lock_guard<std::mutex> lock(mutex_);
    do_with(threads.size() + 1, failure.what());
    driving_ -= running_ - (threads.size() + 1);
    running_ = threads.size() + 1;
  }
  work(*workers_[0], tasks, drive, on_failure);
  for (std::thread& thread : threads) thread.join();
  if (failure_) std::rethrow_exception(failure_);
}

void WorkerPool::work(Worker& worker, std::size_t tasks, const Step& drive,
                      const std::function<void()>& on_failure) {
  for (;;) {
    std::size_t task;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (next_task_ == tasks) break;
      task = next_task_++;
    }
    try {
      drive(task, worker);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      next_task_ = tasks;
      on_failure();
    }
  }
  help(worker);
}

void WorkerPool::help(Worker& worker) {
  std::unique_lock<std::mutex> lock(mutex_);
  --driving_;
  changed_.notify_all();
  for (;;) {
    changed_.wait(lock, [this] { return driving_ == 0 || open_work() != nullptr; });
    Shared* shared = open_work();
    if (shared == nullptr) return;
    run_part(*shared, worker, lock);
  }
}

WorkerPool::Shared* WorkerPool::open_work() {
  const auto open = std::find_if(shared_.begin(), shared_.end(),
                                 [](const Shared* s) { return s->next < s->parts; });
  return open == shared_.end() ? nullptr : *open;
}

void WorkerPool::run_part(Shared& shared, Worker& worker, std::unique_lock<std::mutex>& lock) {
  const std::size_t part = shared.next++;
  ++shared.running;
  lock.unlock();
  std::exception_ptr failure;
  try {
    (*shared.step)(part, worker);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  --shared.running;
  if (failure) {
    if (!shared.failure) shared.failure = failure;
    shared.next = shared.parts;
  }
  if (shared.running == 0 && shared.next == shared.parts) changed_.notify_all();
}

void WorkerPool::share(std::size_t parts, Worker& caller, const Step& step) {
  Shared shared{&step, parts, 0, 0, nullptr};
  std::unique_lock<std::mutex> lock(mutex_);
  if (parts > 1 && driving_ < running_) {
    shared_.push_back(&shared);
    changed_.notify_all();
  }
  while (shared.next < shared.parts) run_part(shared, caller, lock);
  changed_.wait(lock, [&shared] { return shared.running == 0; });
  shared_.erase(std::remove(shared_.begin(), shared_.end(), &shared), shared_.end());
  if (shared.failure) std::rethrow_exception(std::exchange(shared.failure, nullptr));
}

double WorkerPool::inference_seconds() const {
  double sum = 0;
  for (const auto& worker : workers_) {
    sum += worker->evaluation.inference_seconds() + worker->alone.inference_seconds();
  }
  return sum;
}

}  // namespace dflare
