#pragma once

#include <string>

#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "support/fake_models.hpp"

namespace dflare::fuzz {

/// Two models that deviate on grey images of medium brightness, and what is asked of them.
test::FakeModel original_model();
test::FakeModel compressed_model();
Options search_options();

/// The folder of a run on them, with a finding in it; made once a process.
const std::string& found_run();
/// The folder of that finding.
std::string found_finding();

}  // namespace dflare::fuzz
