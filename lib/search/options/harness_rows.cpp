#include "search/options/rows.hpp"

namespace dflare {
namespace {

using O = Options;

OptionRow out_row() {
  OptionRow row = option_row<std::string>(
      {"out", "Where findings are written.", OptionRole::harness, heading::written},
      text_kind("a folder"), &O::out, &O::out);
  row.is_path = [](const std::string&) { return true; };
  return row;
}

ValueKind<CorpusMode> corpus_modes() {
  return choice_kind<CorpusMode>({{"both", CorpusMode::both},
                                  {"replay-only", CorpusMode::replay_only},
                                  {"search", CorpusMode::search}});
}

OptionRow corpus_row() {
  OptionRow row = {
      "corpus",
      "a folder, or a value of corpus_mode",
      "Where findings are kept, one folder a test or pair, and replayed first the next time; a "
      "value of corpus_mode sets that instead (write ./both for a folder of that name).",
      OptionRole::harness,
      heading::corpus,
      [](Options& o, const std::string& text) {
        if (const auto mode = corpus_modes().read(text)) {
          o.corpus_mode(*mode);
        } else {
          o.corpus(text);
        }
      },
      [](const Options& o) { return o.corpus(); }};
  row.is_path = [](const std::string& text) { return !text.empty() && !corpus_modes().read(text); };
  return row;
}

}  // namespace

std::vector<OptionRow> harness_rows() {
  return {
      truth_row(
          {"require_complete",
           "Whether a budget that ended before all seed inputs were searched fails an assertion.",
           OptionRole::harness, heading::counted},
          &O::require_complete, &O::require_complete),
      out_row(),
      truth_row({"write_findings", "Whether findings are written at all.", OptionRole::harness,
                 heading::written},
                &O::write_findings, &O::write_findings),
      corpus_row(),
      option_row<CorpusMode>(
          {"corpus_mode",
           "both: replay the corpus, and search only where no finding in it fails the test; "
           "replay-only; search: replay nothing.",
           OptionRole::harness, heading::corpus},
          corpus_modes(), &O::corpus_mode, &O::corpus_mode),
      truth_row({"update_corpus", "Whether what is found is added to the corpus.",
                 OptionRole::harness, heading::corpus},
                &O::update_corpus, &O::update_corpus),
  };
}

}  // namespace dflare
