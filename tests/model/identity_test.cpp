// What identifies a model of several files.

#include "model/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "model/onnx_bytes.hpp"
#include "model/onnx_data.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using namespace test;  // NOLINT: the tests' own helpers
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> locations(const std::string& bytes) {
  std::vector<std::string> all;
  for (const OnnxData& data : onnx_data(bytes)) all.push_back(data.location);
  return all;
}

TEST(OnnxData, IsFoundInInitialisersOnce) {
  const std::string graph = field(5, external_tensor("b.data", "0", "40")) +
                            field(5, external_tensor("a/one.data", "8", "16")) +
                            field(5, external_tensor("b.data", "40", "24")) +
                            field(5, field(1, "inside"));
  const std::vector<OnnxData> data = onnx_data(field(7, graph));
  ASSERT_EQ(data.size(), 2U);
  EXPECT_EQ(data[0].location, "a/one.data");
  EXPECT_EQ(data[0].size, 24U);
  EXPECT_EQ(data[1].location, "b.data");
  EXPECT_EQ(data[1].size, 64U);
}

TEST(OnnxData, IsFoundWhereverATensorMayBe) {
  const std::string tensor = external_tensor("t", "", "");
  const std::string sparse = field(1, tensor), graph = field(5, tensor);
  for (const std::string& attribute :
       {field(5, tensor), field(6, graph), field(10, tensor), field(11, graph), field(22, sparse),
        field(23, field(2, tensor))}) {
    const std::string node = field(5, attribute);
    EXPECT_THAT(locations(field(7, field(1, node))), ElementsAre("t"));   // a node
    EXPECT_THAT(locations(field(25, field(7, node))), ElementsAre("t"));  // of a function
    const std::string loop = field(5, field(6, field(1, node)));          // of a body
    EXPECT_THAT(locations(field(7, field(1, loop))), ElementsAre("t"));
  }
  EXPECT_THAT(locations(field(7, field(15, sparse))), ElementsAre("t"));
}

TEST(OnnxData, OfWhatIsNoOnnxFileIsNone) {
  EXPECT_THAT(locations(""), IsEmpty());
  EXPECT_THAT(locations("weights, in words\n"), IsEmpty());
  EXPECT_THAT(locations(std::string(1000, '\xff')), IsEmpty());
  const std::string whole = field(7, field(5, external_tensor("t", "", "")));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(locations(whole.substr(0, size)), IsEmpty()) << size;
}

TEST(OnnxData, EndsAtAnyDepth) {
  std::string graph = field(5, external_tensor("t", "", ""));
  for (int i = 0; i < 1000; ++i) graph = field(1, field(5, field(6, graph)));
  EXPECT_THAT(locations(field(7, graph)), IsEmpty());
}

class Identity : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = folder_ + "/" + name;
    boost::filesystem::create_directories(boost::filesystem::path(path).parent_path());
    write_atomically(path, bytes);
    return path;
  }
  static std::string of(const std::string& path) {
    const std::string bytes = read_file(path);
    return identity_of(bytes, parts_of(path, bytes));
  }

  std::string folder_ = fresh_folder();
  std::string onnx_ = field(7, field(5, external_tensor("w.data", "0", "3")) +
                                   field(5, external_tensor("sub/v.data", "2", "4")));
};

TEST_F(Identity, OfOneFileIsItsHash) {
  EXPECT_EQ(of(write("model.onnx", "x")), sha256_of("x"));
  EXPECT_EQ(of(write("model.tflite", onnx_)), sha256_of(onnx_));
  EXPECT_EQ(identity_of({}), "");
}

TEST_F(Identity, OfSeveralIsThatOfTheListOfHashes) {
  const std::string path = write("model.onnx", onnx_);
  const std::string w = write("w.data", "abc"), v = write("sub/v.data", "abcdef");
  const std::string list = sha256_of(onnx_) + "  \n" + sha256_of("abcdef") + "  sub/v.data\n" +
                           sha256_of("abc") + "  w.data\n";
  EXPECT_EQ(of(path), sha256_of(list));
  EXPECT_THAT(paths_of(parts_of(path, onnx_)), ElementsAre(v, w));
  EXPECT_NO_THROW(require_parts(path, onnx_));
  write("sub/v.data", "abcdeg");
  EXPECT_NE(of(path), sha256_of(list));
}

TEST_F(Identity, IsTheSameUnderAnotherName) {
  write("w.data", "abc");
  write("sub/v.data", "abcdef");
  EXPECT_EQ(of(write("model.onnx", onnx_)), of(write("other.ONNX", onnx_)));
  write("a.bin", "weights");
  write("b.bin", "weights");
  EXPECT_EQ(of(write("a.xml", "graph")), of(write("b.xml", "graph")));
  write("b.bin", "others");
  EXPECT_NE(of(folder_ + "/a.xml"), of(folder_ + "/b.xml"));
}

TEST_F(Identity, MissingDataAreNamed) {
  const std::string path = write("model.onnx", onnx_);
  write("w.data", "abc");
  EXPECT_THAT(message_of<ModelError>([&] { require_parts(path, onnx_); }),
              AllOf(HasSubstr("'" + folder_ + "/sub/v.data', which is not there"),
                    HasSubstr("external_data=False")));
}

TEST_F(Identity, CutDataAreNamed) {
  const std::string path = write("model.onnx", onnx_);
  write("w.data", "ab");
  write("sub/v.data", "abcdef");
  EXPECT_THAT(message_of<ModelError>([&] { require_parts(path, onnx_); }),
              AllOf(HasSubstr("'" + folder_ + "/w.data' are cut off"), HasSubstr("has 2 bytes"),
                    HasSubstr("at least 3"), HasSubstr("copy both again")));
}

}  // namespace
}  // namespace dflare
