#include "check/search_task.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <chrono>
#include <system_error>

#include "dflare/finding.hpp"
#include "finding/output_folder.hpp"
#include "program/interrupt.hpp"

namespace dflare::checking {

/// Hands everything on to the writer, and notes what messages need.
class SearchTask::Sink : public SearchSink {
 public:
  Sink(SearchTask& task, FindingWriter* writer, CorpusWriter* corpus)
      : task_(task), writer_(writer), corpus_(corpus) {}

  void prepare(Deviation& deviation) override {
    if (writer_ != nullptr) return writer_->prepare(deviation);
    if (corpus_ != nullptr) corpus_->prepare(deviation);
  }

  void deviation(const Deviation& deviation) override {
    if (writer_ != nullptr) writer_->deviation(deviation);
    if (corpus_ != nullptr) corpus_->add(deviation);
    const auto block = static_cast<std::size_t>(task_.job_.options.block());
    const std::lock_guard<std::mutex> lock(task_.mutex_);
    task_.mutants_.add(deviation.position / block, deviation);
  }

  void failure(const Failure& failure) override {
    if (writer_ == nullptr) return;
    writer_->failure(failure);
    const std::string image =
        failure_folder(writer_->folder(), failure.seed_id) + "/" + failure_picture;
    if (!boost::filesystem::exists(image)) return;
    const std::lock_guard<std::mutex> lock(task_.mutex_);
    task_.failure_images_[failure.seed_id] = image;
  }

  void block_done(std::size_t block, const std::vector<SeedResult>& seeds) override {
    if (writer_ != nullptr) writer_->block_done(block, seeds);
    if (!task_.job_.block_by_block) return;
    const std::lock_guard<std::mutex> lock(task_.mutex_);
    task_.blocks_[block] = seeds;
    task_.changed_.notify_all();
  }

 private:
  SearchTask& task_;
  FindingWriter* writer_;
  CorpusWriter* corpus_;
};

SearchTask::SearchTask(SearchJob job)
    : job_(std::move(job)), display_(job_.name, StatusLine::mode_of(job_.progress)) {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& failure) {
    run_without_thread(failure.what());
  }
}

void SearchTask::run_without_thread(const std::string& why) {
  no_thread_ = "the search had no thread of its own, so that it showed no progress: " + why;
  const std::function<void(const Progress&)> users = job_.options.on_progress();
  job_.options.on_progress([this, users](const Progress& progress) {
    if (users) users(progress);
    if (interrupted()) request_stop();
  });
  run();
}

SearchTask::~SearchTask() {
  bool ended = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended = result_ || error_;
  }
  // The signal may be the user's, who goes on with the same options.
  if (!ended) request_stop();
  if (thread_.joinable()) thread_.join();
}

void SearchTask::request_stop() {
  // Copies of a StopSignal are one and the same.
  StopSignal(job_.options.stop()).request();
}

void SearchTask::run() {
  std::optional<SearchResult> result;
  std::exception_ptr error;
  try {
    result = search_now();
  } catch (...) {
    error = std::current_exception();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  result_ = std::move(result);
  error_ = error;
  changed_.notify_all();
}

SearchResult SearchTask::search_now() {
  const std::shared_ptr<Model> original = job_.original();
  const std::shared_ptr<Model> compressed = job_.compressed();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    original_ = original->info();
    compressed_ = compressed->info();
  }
  Options options = job_.options;
  options.on_progress([this, users = job_.options.on_progress()](const Progress& progress) {
    if (users) users(progress);
    const std::lock_guard<std::mutex> lock(mutex_);
    progress_ = progress;
  });
  // An empty set is for the verdict to refuse.
  if (job_.seeds.empty()) return {};

  const Examination examination = examine(*original, *compressed, job_.seeds, options);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    original_ = original->info();
    compressed_ = compressed->info();
    examination_ = examination;
  }

  const std::vector<std::size_t> blocks = replay(*original, *compressed);
  // The writer empties its folder: where nothing is searched, the findings of the last search stay.
  std::optional<FindingWriter> writer;
  if (!job_.folder.empty() && !blocks.empty())
    writer.emplace(job_.folder, *original, *compressed, job_.seeds, options);
  std::optional<CorpusWriter> corpus;
  if (!job_.corpus.empty() && options.update_corpus() && !blocks.empty())
    corpus.emplace(job_.corpus, *original, *compressed, options);
  Sink sink(*this, writer ? &*writer : nullptr, corpus ? &*corpus : nullptr);
  SearchResult result;
  if (!blocks.empty()) result = search(*original, *compressed, job_.seeds, options, &sink, blocks);
  result.counts.examination = examination.evaluations;
  if (writer) writer->finish(result);
  if (corpus) {
    const std::lock_guard<std::mutex> lock(mutex_);
    corpus_.added = corpus->added();
  }
  return result;
}

std::size_t SearchTask::block_of(const std::string& seed_id) const {
  const auto found = block_of_seed_.find(seed_id);
  if (found != block_of_seed_.end()) return found->second;
  return job_.blocks.empty() ? 0 : job_.blocks.front();
}

std::vector<std::size_t> SearchTask::replay(Model& original, Model& compressed) {
  std::vector<std::size_t> blocks = job_.blocks;
  if (blocks.empty()) {
    for (std::size_t b = 0; b < block_count(job_.seeds.size(), job_.options); ++b)
      blocks.push_back(b);
  }
  CorpusReport report;
  report.folder = job_.corpus;
  report.mode = job_.options.corpus_mode();
  if (!job_.corpus.empty() && report.mode != CorpusMode::search) {
    const auto block = static_cast<std::size_t>(job_.options.block());
    for (std::size_t i = 0; i < job_.seeds.size(); ++i)
      block_of_seed_[job_.seeds.id(i)] = i / block;
    report.findings = replay_corpus(
        job_.corpus, original, compressed, job_.options, [&](const std::string& seed_id) {
          ++report.held;
          return std::count(blocks.begin(), blocks.end(), block_of(seed_id)) > 0;
        });
    report.stopped = job_.options.stop().requested();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    corpus_ = std::move(report);
    corpus_replayed_ = true;
    changed_.notify_all();
  }
  if (corpus_.folder.empty() || corpus_.mode == CorpusMode::search) return blocks;
  if (corpus_.mode == CorpusMode::replay_only) return {};
  // A rate is of all seed inputs together, as is all that an assertion without blocks is asked.
  const auto broken_by = [this](const std::vector<std::size_t>& those) {
    return !breaking(corpus_of(those), job_.expectation, job_.seeds.size(), job_.options).empty();
  };
  if (!job_.expectation.kind().test_of_all_seeds().empty() || !job_.block_by_block)
    return broken_by(blocks) ? std::vector<std::size_t>() : blocks;
  std::vector<std::size_t> left;
  for (const std::size_t b : blocks) {
    if (!broken_by({b})) left.push_back(b);
  }
  return left;
}

CorpusFindings SearchTask::corpus_of(const std::vector<std::size_t>& blocks) const {
  CorpusFindings findings;
  for (const CorpusFinding& finding : corpus_.findings) {
    if (std::count(blocks.begin(), blocks.end(), block_of(finding.recorded.seed_id)) > 0)
      findings.push_back(&finding);
  }
  return findings;
}

CorpusReport SearchTask::wait_for_corpus() {
  wait_until([&] { return corpus_replayed_ || result_ || error_; });
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!corpus_replayed_ && error_) std::rethrow_exception(error_);
  return corpus_;
}

template <class Ready>
void SearchTask::wait_until(Ready ready) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ready()) {
    changed_.wait_for(lock, std::chrono::milliseconds(100));
    const Progress progress = progress_;
    lock.unlock();
    if (interrupted()) request_stop();
    if (progress.seeds > 0) display_.show(progress);
    lock.lock();
  }
  display_.clear();
}

std::vector<SeedResult> SearchTask::wait_for_block(std::size_t block) {
  wait_until([&] { return blocks_.count(block) > 0 || result_ || error_; });
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto done = blocks_.find(block);
  if (done != blocks_.end()) {
    std::vector<SeedResult> seeds = std::move(done->second);
    blocks_.erase(done);
    return seeds;
  }
  if (error_) std::rethrow_exception(error_);
  // The search ended and never came to this block.
  std::vector<SeedResult> seeds;
  const Block range = block_at(block, job_.seeds.size(), job_.options);
  for (const SeedResult& seed : result_->seeds) {
    if (seed.position >= range.begin && seed.position < range.end) seeds.push_back(seed);
  }
  return seeds;
}

const SearchResult& SearchTask::wait() {
  wait_until([&] { return result_ || error_; });
  const std::lock_guard<std::mutex> lock(mutex_);
  if (error_) std::rethrow_exception(error_);
  return *result_;
}

ModelInfo SearchTask::original() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return original_;
}

ModelInfo SearchTask::compressed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return compressed_;
}

std::optional<Examination> SearchTask::examination() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return examination_;
}

std::vector<std::string> SearchTask::remarks() const {
  std::vector<std::string> all = job_.seeds.remarks();
  if (const auto examined = examination())
    all.insert(all.end(), examined->remarks.begin(), examined->remarks.end());
  if (!no_thread_.empty()) all.push_back(no_thread_);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (result_) all.insert(all.end(), result_->remarks.begin(), result_->remarks.end());
  return all;
}

std::map<std::string, std::string> SearchTask::failure_images() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failure_images_;
}

std::map<std::string, std::string> SearchTask::mutants() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return mutants_.texts();
}

}  // namespace dflare::checking
