#pragma once

#include <string>

namespace dflare::gtest {

/// The processor's name as the system tells it, or its architecture.
std::string cpu_name();
int cpu_cores();

}  // namespace dflare::gtest
