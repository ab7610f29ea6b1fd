#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "check/corpus_report.hpp"
#include "check/verdict.hpp"
#include "dflare/model.hpp"
#include "dflare/search.hpp"
#include "program/shell.hpp"

namespace dflare::gtest {

/// What a message names beside the figures of the search.
struct MessageContext {
  std::string assertion;  ///< "EXPECT_NO_DEVIATION(original, compressed, seeds)"
  ModelInfo original, compressed;
  std::string seeds;  ///< SeedSet::name(): "images of t10k-images-idx3-ubyte.gz"
  std::function<std::string(std::size_t)> id_of;  ///< SeedSet::id() of a position
  std::string folder;  ///< of the findings, absolute; empty: none were written
  std::map<std::string, std::string> failure_images;  ///< seed id -> image that made a model fail
  std::map<std::string, std::string> mutants;         ///< WorstMutants::texts()
  Options options;
  Expectation expectation{};
  /// What is strange and no error, a sentence each: SearchTask::remarks().
  std::vector<std::string> remarks{};
  std::string corpus{};    ///< corpus_line() of what was replayed before the search; may be empty
  std::string manifest{};  ///< that names the models; empty: a test program does
};

/// What answers for a model, and what is not ordinary about its answers: "TorchScript, LibTorch
/// 1.13.1, engine onednn, images evaluated alone".
std::string runtime_text(const ModelInfo& info);

/// The message of a failed assertion: what was compared, how bad, who is right, the worst, where to
/// look, what to type. Valid UTF-8, whatever it quotes.
std::string failure_message(const MessageContext& context, const SearchResult& result,
                            const Verdict& verdict);

/// The same where the corpus failed it and nothing was searched. `corpus`: its folder, `findings`:
/// what was replayed, `broken`: those that break the expectation.
std::string corpus_failure_message(const MessageContext& context, const std::string& corpus,
                                   std::size_t seeds,
                                   const std::vector<const CorpusFinding*>& findings,
                                   const std::vector<const CorpusFinding*>& broken,
                                   const Verdict& verdict);

using dflare::shell_quoted;

/// The line that replays a finding, pasteable from any folder; for models in memory, which
/// dflare-test cannot load, the call that does.
std::string replay_line(const MessageContext& context, const std::string& seed_id);

}  // namespace dflare::gtest
