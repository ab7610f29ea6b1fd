#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "search/engine/evaluation.hpp"

namespace dflare {

/// What one thread needs to evaluate images: models of its own and memory that is used again and
/// again.
struct Worker {
  Worker(Model& original, Model& compressed)
      : evaluation(original, compressed), alone(original, compressed) {}

  PairEvaluation evaluation;  ///< of batches
  PairEvaluation alone;       ///< of one image, to confirm
  ImageBatch batch, one;
};

/// Threads that drive tasks (blocks), and help the others with parts of theirs when no task is
/// left.
class WorkerPool {
 public:
  using Step = std::function<void(std::size_t, Worker&)>;

  /// With fewer workers where no more can be had: replicas fail, or (in run()) threads do.
  WorkerPool(Model& original, Model& compressed, int workers);

  /// Calls drive(i, worker) once for each i < tasks, on all workers, the calling thread among them.
  /// Rethrows the first exception of any; `on_failure` is called as soon as there is one, so that
  /// the other tasks can be ended.
  void run(std::size_t tasks, const Step& drive, const std::function<void()>& on_failure);

  /// To be called by a task: step(i, worker) once for each i < parts, by the caller and workers
  /// that are idle.
  void share(std::size_t parts, Worker& caller, const Step& step);

  /// How many threads drove tasks, after run().
  std::size_t workers() const { return running_; }
  /// Why there are fewer than asked for, a sentence; empty: there are not.
  const std::string& shortage() const { return shortage_; }

  double inference_seconds() const;

 private:
  struct Shared {
    const Step* step;
    std::size_t parts, next = 0, running = 0;
    std::exception_ptr failure;
  };

  void work(Worker& worker, std::size_t tasks, const Step& drive,
            const std::function<void()>& on_failure);
  void help(Worker& worker);
  void run_part(Shared& shared, Worker& worker, std::unique_lock<std::mutex>& lock);
  Shared* open_work();
  void do_with(std::size_t workers, const std::string& why);

  std::size_t wanted_;
  std::string shortage_;
  std::vector<std::shared_ptr<Model>> replicas_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Shared*> shared_;
  std::size_t next_task_ = 0;
  std::size_t running_ = 0;  // workers that have a thread
  std::size_t driving_ = 0;  // of them, those that may still share work
  std::exception_ptr failure_;
};

}  // namespace dflare
