#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "check/progress_display.hpp"
#include "check/text/worst_mutants.hpp"
#include "check/verdict/corpus_report.hpp"
#include "dflare/examination.hpp"
#include "dflare/search.hpp"

namespace dflare::checking {

/// What a SearchTask is to do.
struct SearchJob {
  std::string name;  ///< for the progress
  /// Called in the task's thread; may throw.
  std::function<std::shared_ptr<Model>()> original, compressed;
  SeedSet seeds;
  Options options;
  std::string folder;                 ///< of the findings, absolute; empty: none are written
  std::vector<std::size_t> blocks{};  ///< empty: all
  bool block_by_block = false;        ///< each block will be waited for, once
  std::string corpus{};               ///< folder of its corpus, absolute; empty: none
  Expectation expectation{};          ///< by which the corpus says what is not searched any more
  std::string progress = "auto";      ///< on standard error: "auto", "on" or "off"
  std::string manifest{};             ///< for messages; empty: a test program names the models
};

/// A search in a thread of its own. The thread that waits for it shows its progress and passes an
/// interrupt on to it; one thread waits at a time. Where no thread is to be had, the constructor
/// searches, and shows no progress.
class SearchTask {
 public:
  explicit SearchTask(SearchJob job);
  /// Stops the search and waits for it.
  ~SearchTask();
  SearchTask(const SearchTask&) = delete;
  SearchTask& operator=(const SearchTask&) = delete;

  /// Waits until the corpus is replayed. Rethrows what went wrong.
  CorpusReport wait_for_corpus();
  /// The findings of the corpus that are of a block's seed inputs; those of none of them are of the
  /// first block of the job.
  CorpusFindings corpus_of(const std::vector<std::size_t>& blocks) const;

  /// Waits for one block's seeds and hands them over. Rethrows what ended the search before the
  /// block was done.
  std::vector<SeedResult> wait_for_block(std::size_t block);
  /// Waits for the end of the search. Rethrows what went wrong.
  const SearchResult& wait();
  void request_stop();

  const SearchJob& job() const { return job_; }
  /// Known once a wait returned; empty where loading failed.
  ModelInfo original() const;
  ModelInfo compressed() const;
  /// What was found out before the search; nothing where that was not done, or failed.
  std::optional<Examination> examination() const;
  /// What is strange and no error, a sentence each: of the seed inputs, then of the examination.
  std::vector<std::string> remarks() const;
  /// Seed id -> saved image that made a model fail.
  std::map<std::string, std::string> failure_images() const;
  /// Of the findings that a message can show: seed id -> how the mutant was made.
  std::map<std::string, std::string> mutants() const;

 private:
  class Sink;

  void run();
  void run_without_thread(const std::string& why);
  SearchResult search_now();
  /// Replays the corpus; returns the blocks that are still to be searched.
  std::vector<std::size_t> replay(Model& original, Model& compressed);
  std::size_t block_of(const std::string& seed_id) const;
  template <class Ready>
  void wait_until(Ready ready);

  SearchJob job_;
  ProgressDisplay display_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_:
  Progress progress_;
  std::map<std::size_t, std::vector<SeedResult>> blocks_;
  std::map<std::string, std::string> failure_images_;
  WorstMutants mutants_{job_.options};
  ModelInfo original_, compressed_;
  std::optional<Examination> examination_;
  CorpusReport corpus_;
  bool corpus_replayed_ = false;
  std::map<std::string, std::size_t> block_of_seed_;  ///< by id, where there is a corpus
  std::optional<SearchResult> result_;
  std::exception_ptr error_;
  std::string no_thread_;  ///< a sentence, where there is none

  std::thread thread_;  // starts when all else is there
};

}  // namespace dflare::checking
