#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

ModelError thrown_by_load(const std::string& path) {
  try {
    load(path);
  } catch (const ModelError& error) {
    return error;
  }
  return ModelError("nothing was thrown");
}

TEST(ModelErrors, SayTheReasonAloneWhereNoModelIsKnown) {
  const ModelError error("its answer is empty");
  EXPECT_STREQ(error.what(), "its answer is empty");
  EXPECT_EQ(error.model(), "");
  EXPECT_EQ(error.reason(), "its answer is empty");
}

TEST(ModelErrors, HoldModelAndReasonApart) {
  const ModelError error("a 'b': c.pt", "failed: 'd': e");
  EXPECT_STREQ(error.what(), "model 'a 'b': c.pt': failed: 'd': e");
  EXPECT_EQ(error.model(), "a 'b': c.pt");
  EXPECT_EQ(error.reason(), "failed: 'd': e");
}

TEST(ModelErrors, OfAFileThatIsNotThere) {
  const ModelError error = thrown_by_load("/no/such.pt");
  EXPECT_EQ(error.model(), "/no/such.pt");
  EXPECT_EQ(error.reason().find("No such file or directory; check the path"), 0U);
  EXPECT_EQ(error.what(), "model file '/no/such.pt': " + error.reason());
}

TEST(ModelErrors, OfAFileThatIsDamaged) {
  const std::string path = test::fresh_folder() + "/a.pt";
  write_atomically(path, "x");
  const ModelError error = thrown_by_load(path);
  EXPECT_EQ(error.model(), path);
  EXPECT_EQ(error.what(), "model '" + path + "': " + error.reason());
}

}  // namespace
}  // namespace dflare
