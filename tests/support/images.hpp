#pragma once

#include <string>

#include "dflare/image.hpp"

namespace dflare::test {

/// A fixed picture that depends on `variant` alone: smooth gradients and a few blobs, so that blur,
/// noise and rotation change it.
Image picture(int height, int width, int channels, int variant = 0);

/// A fresh folder under GoogleTest's temporary one, emptied first; its name contains the running
/// test's.
std::string fresh_folder(const std::string& name = "");

/// The folder of real data (DFLARE_DATA, else ../shared beside the source tree), or empty where
/// there is none. Tests that need it: if (data_folder().empty()) GTEST_SKIP() << "needs
/// DFLARE_DATA";
std::string data_folder();

}  // namespace dflare::test
