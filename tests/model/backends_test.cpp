#include "model/loading/backends.hpp"

#include <gtest/gtest.h>

#include <set>

namespace dflare {
namespace {

TEST(Backends, EachIsThereWholeOrSaysHowToGetIt) {
  for (const Backend& backend : backends()) {
    EXPECT_EQ(backend.load == nullptr, backend.runtime == nullptr) << backend.name;
    EXPECT_TRUE(backend.load || !backend.how_to_get.empty()) << backend.name;
  }
  EXPECT_EQ(server_backend().load == nullptr, server_backend().runtime == nullptr);
  EXPECT_NE(server_backend().how_to_get, "");
}

TEST(Backends, ReadEachKindOfFileByOneOfThem) {
  std::set<std::string> seen;
  for (const Backend& backend : backends()) {
    EXPECT_FALSE(backend.extensions.empty()) << backend.name;
    for (const std::string& extension : backend.extensions) {
      EXPECT_EQ(extension.rfind('.'), 0U) << extension;
      EXPECT_TRUE(seen.insert(extension).second) << extension;
    }
  }
}

// load_errors_test.cpp has what the others say where they are not built.
TEST(Backends, AreThoseThatThisBuildHas) {
  const auto built = [](std::size_t i) { return backends().at(i).load != nullptr; };
  ASSERT_EQ(backends().size(), 3U);
  EXPECT_TRUE(built(0));
#ifdef DFLARE_HAS_OPENVINO
  EXPECT_TRUE(built(1));
#else
  EXPECT_FALSE(built(1));
#endif
#ifdef DFLARE_HAS_EXECUTORCH
  EXPECT_TRUE(built(2));
#else
  EXPECT_FALSE(built(2));
#endif
#ifdef DFLARE_HAS_SERVER
  EXPECT_TRUE(server_backend().load);
#else
  EXPECT_FALSE(server_backend().load);
#endif
}

}  // namespace
}  // namespace dflare
