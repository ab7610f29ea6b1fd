#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "check/verdict/corpus_report.hpp"
#include "check/verdict/verdict.hpp"
#include "dflare/model.hpp"
#include "dflare/search.hpp"

namespace dflare::checking {

/// What a message names beside the figures of the search.
struct MessageContext {
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

/// What there is to say of a check that did not pass, but for its headline: what was compared, how
/// bad, who is right, the worst, where to look, what to type. Valid UTF-8, whatever it quotes.
std::string failure_text(const MessageContext& context, const SearchResult& result,
                         const Judgement& judgement);

/// The same where the corpus decided and nothing was searched. `corpus`: its folder, `findings`:
/// what was replayed, `broken`: those that break the expectation.
std::string corpus_failure_text(const MessageContext& context, const std::string& corpus,
                                std::size_t seeds, const CorpusFindings& findings,
                                const CorpusFindings& broken, const Judgement& judgement);

/// The line that replays a finding, pasteable from any folder; for models in memory, which
/// dflare-test cannot load, the call that does.
std::string replay_line(const MessageContext& context, const std::string& seed_id);

}  // namespace dflare::checking
