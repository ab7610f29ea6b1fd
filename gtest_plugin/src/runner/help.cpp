#include "runner/help.hpp"

#include "flags/flags.hpp"

namespace dflare::gtest {

std::string help_text() {
  return R"(dflare-test searches inputs on which a compressed image classifier and its
original disagree.

  dflare-test MANIFEST.yaml [flags]     tests the pairs of models that the manifest lists
  dflare-test MANIFEST.yaml --dflare_examine
                                        only looks at them: the first to run with a new model
  dflare-test MANIFEST.yaml --dflare_replay=FOLDER
                                        evaluates a finding again, or all below a folder, on
                                        the manifest's models: those that a finding names are
                                        not run because it names them
  dflare-test --version                 its version, and those of what it runs models by

Examples:
  dflare-test pairs.yaml --dflare_queries=200 --dflare_json=results.json
  dflare-test pairs.yaml --gtest_filter='MnistW8.*' --gtest_output=xml:results.xml
  dflare-test pairs.yaml --dflare_replay=dflare-findings/MnistW8/17

A manifest:
  dflare: 1
  pairs:
    - name: MnistW8
      original: models/lenet5.pt         # relative to the manifest; ${NAME} is the environment's
      compressed: models/lenet5_w8.pt
      input: {channels: 1, size: [28, 28], mean: 0.1307, std: 0.3081}
      seeds: {idx: images-idx3-ubyte.gz, labels: labels-idx1-ubyte.gz, take: 300}
      preset: everyday                   # optional: small turns, moves and changes of light,
                                         # regret of 0.2 or more; 20 queries a seed input
      options: {queries: 50}             # the flags below, without --dflare_; after the preset
      expect: {deviation_rate_le: 0.03}  # at most this share of the seed inputs
         # or no_deviation               # the default
         # or {worst_deviation_le: 0.2}  # no larger regret is found (objective worst)
         # or {closest_deviation_ge: 9}  # none nearer to its seed input (objective closest)

Exit status: 0 all expectations hold; 1 some do not, or the run was interrupted; 2 the
manifest, a flag or a model is wrong, or nothing could be tested. With --dflare_replay: 1 it
still deviates, 0 it does not. With --dflare_examine: 2 a pair is refused, 0 none is.

Flags. Each is also an environment variable: DFLARE_QUERIES=200. The command line goes before
the environment, and both go before the manifest.
)" + flags_help(Program::runner) +
         R"(
All flags of GoogleTest work too (--gtest_filter, --gtest_list_tests, --gtest_output,
--gtest_repeat, shards by GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX, ...):
dflare-test --gtest_help
)";
}

}  // namespace dflare::gtest
