#include "support/output_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class OutputFile : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name) const { write_atomically(path(name), "text"); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  const std::string folder_ = fresh_folder();
};

TEST_F(OutputFile, FollowsLinksAndLeavesThem) {
  fs::create_directory(path("there"));
  fs::create_symlink("there/file", path("one"));  // which is not there yet
  fs::create_symlink("one", path("two"));
  for (int again = 0; again < 2; ++again) {
    write("two");
    EXPECT_TRUE(fs::is_symlink(path("one")));
    EXPECT_TRUE(fs::is_symlink(path("two")));
    EXPECT_EQ(read_file(path("there/file")), "text");
  }
  fs::create_symlink("loop", path("loop"));
  EXPECT_THAT(message_of<Error>([&] { write("loop"); }), HasSubstr("loop'"));
}

TEST_F(OutputFile, NeverReplacesADevice) {
  write_atomically("/dev/null", "text");
  EXPECT_TRUE(fs::status("/dev/null").type() == fs::character_file);
  EXPECT_THAT(message_of<Error>([] { write_atomically("/dev/full", "text"); }),
              AllOf(HasSubstr("cannot write '/dev/full'"), HasSubstr("No space left on device")));
  EXPECT_TRUE(fs::status("/dev/full").type() == fs::character_file);
  fs::create_symlink("/dev/full", path("link"));
  EXPECT_THAT(message_of<Error>([&] { write("link"); }), HasSubstr("No space left on device"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

TEST_F(OutputFile, RefusesWhatWouldBlock) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(message_of<Error>([&] { write("fifo"); }), HasSubstr("it is a FIFO"));
  EXPECT_THAT(message_of<Error>([&] { write_file(path("fifo"), "text"); }), HasSubstr("fifo"));
  EXPECT_THAT(message_of<Error>([&] { write_atomically(folder_, "text"); }),
              HasSubstr("it is a folder"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFile, OfANameThatNothingCanHaveIsRefusedAtOnce) {
  const std::string name = path(std::string(300, 'x'));
  EXPECT_THAT(message_of<Error>([&] { output_place(name); }),
              AllOf(HasSubstr("cannot write '" + name), HasSubstr("File name too long")));
}

TEST_F(OutputFile, InsideAFileIsRefused) {
  write("file");
  EXPECT_THAT(
      message_of<Error>([&] { write("file/inside"); }),
      AllOf(HasSubstr("cannot write '" + path("file/inside")), HasSubstr("Not a directory")));
}

TEST_F(OutputFile, IsNotThereWithoutCommit) {
  { const PendingFile pending(path("file"), "text"); }
  EXPECT_EQ(files(), 0U);
  PendingFile pending(path("file"), "text");
  EXPECT_FALSE(fs::exists(path("file")));
  pending.commit();
  EXPECT_EQ(read_file(path("file")), "text");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFile, IsReadFromRegularFilesAlone) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(message_of<Error>([&] { read_file(path("fifo")); }), HasSubstr("it is a FIFO"));
  EXPECT_THAT(message_of<SeedError>([&] { read_seed_file(path("fifo")); }),
              HasSubstr("it is a FIFO"));
  for (const char* device : {"/dev/zero", "/dev/null"}) {
    EXPECT_THAT(message_of<Error>([&] { read_text_file(device); }), HasSubstr("it is a device"));
  }
  EXPECT_THAT(message_of<Error>([&] { read_file(folder_); }), HasSubstr("it is a folder"));
}

TEST_F(OutputFile, IsNotReadWhereItIsTooLarge) {
  write("sparse");
  fs::resize_file(path("sparse"), 65 << 20);
  EXPECT_THAT(message_of<Error>([&] { read_text_file(path("sparse")); }),
              HasSubstr("it has 68157440 bytes, expected at most 67108864"));
  fs::resize_file(path("sparse"), memory_of_machine() + 1);
  EXPECT_THAT(message_of<Error>([&] { read_file(path("sparse")); }),
              HasSubstr("this machine's memory"));
}

}  // namespace
}  // namespace dflare::test
