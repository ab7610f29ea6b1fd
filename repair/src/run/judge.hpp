#pragma once

#include "retest/retest_pair.hpp"
#include "training/train.hpp"

namespace dflare::repair {

/// How a repair ended that had nothing to train on.
Result nothing_found(const Settings& settings, const OpenPair& pair, const Trained& trained);

/// How a repair ended: whether what was trained meets the gates, as the re-test saw it. Says
/// neither a file nor a time.
Result judge(const Settings& settings, const OpenPair& pair, const Trained& trained,
             const Retested& retested);

}  // namespace dflare::repair
