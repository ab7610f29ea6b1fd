#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <cstdlib>

#include "dflare/error.hpp"
#include "dflare/seeds.hpp"
#include "seeds/ids_of.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;
using test::ids_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

void add_image(const std::string& folder, const std::string& name, int variant = 0) {
  fs::create_directories(folder);
  write_png(folder + "/" + name, test::picture(6, 8, 3, variant));
}

FolderOptions with_classes() {
  FolderOptions options;
  options.classes = true;
  return options;
}

TEST(FolderSeeds, AreTheImagesSortedByName) {
  const std::string folder = test::fresh_folder("photos");
  // OpenCV decodes by contents, so that a PNG stands for each extension.
  for (const char* name : {"b.png", "a.JPG", "B.webp", "a2.jpeg", "a10.BMP", ".hidden.png"}) {
    add_image(folder, name);
  }
  write_atomically(folder + "/labels.txt", "cat");
  write_atomically(folder + "/png", "");
  add_image(folder + "/sub.png", "c.png");
  const SeedSet seeds = SeedSet::folder(folder);
  EXPECT_THAT(ids_of(seeds), ElementsAre("B.webp", "a.JPG", "a10.BMP", "a2.jpeg", "b.png"));
  EXPECT_EQ(seeds.label(0), std::nullopt);
  EXPECT_EQ(seeds.name(), "images of " + fs::path(folder).filename().string());
  EXPECT_EQ(SeedSet::folder(folder + "/").name(), seeds.name());
}

TEST(FolderSeeds, LoadTheImageOfTheirName) {
  const std::string folder = test::fresh_folder();
  add_image(folder, "0.png", 5);
  add_image(folder, "1.png", 6);
  const Seed seed = SeedSet::folder(folder).load(1);
  EXPECT_EQ(seed.id, "1.png");
  EXPECT_TRUE(same_pixels(seed.image, test::picture(6, 8, 3, 6)));
  FolderOptions grey;
  grey.color = ColorMode::grey;
  EXPECT_EQ(SeedSet::folder(folder, grey).load(1).image.type(), CV_8UC1);
  EXPECT_EQ(SeedSet::open(folder, ColorMode::grey).load(1).image.type(), CV_8UC1);
}

TEST(FolderSeeds, ClassesAreTheSortedSubFolders) {
  const std::string folder = test::fresh_folder();
  add_image(folder + "/dog", "1.png");
  add_image(folder + "/dog", "0.png");
  add_image(folder + "/cat", "1.png");
  add_image(folder + "/.thumbnails", "1.png");
  add_image(folder + "/dog/puppies", "1.png");
  add_image(folder, "stray.png");
  fs::create_directories(folder + "/cow");
  const SeedSet seeds = SeedSet::folder(folder, with_classes());
  EXPECT_THAT(ids_of(seeds), ElementsAre("cat/1.png", "dog/0.png", "dog/1.png"));
  EXPECT_EQ(seeds.load(0).label, 0);
  EXPECT_EQ(seeds.label(1), 2) << "the empty class 'cow' counts";
  EXPECT_EQ(seeds.load(2).label, 2);
  EXPECT_EQ(seeds.load(2).image.cols, 8);
}

TEST(FolderSeeds, AreDecodedOnlyWhenAskedFor) {
  const std::string folder = test::fresh_folder();
  add_image(folder, "a.png");
  write_atomically(folder + "/b.png", "no image");
  add_image(folder, "c.png");
  fs::create_symlink("nowhere.png", folder + "/d.png");
  const SeedSet seeds = SeedSet::folder(folder);
  ASSERT_EQ(seeds.size(), 4u);
  EXPECT_NO_THROW(seeds.load(0));
  EXPECT_THAT([&] { seeds.load(1); }, ThrowsMessage<SeedError>(HasSubstr("/b.png")));
  EXPECT_NO_THROW(seeds.load(2));
  EXPECT_THAT([&] { seeds.load(3); }, ThrowsMessage<SeedError>(HasSubstr("/d.png")));
  // A file that goes away is an error of its own load alone.
  fs::remove(folder + "/c.png");
  EXPECT_THAT([&] { seeds.load(2); }, ThrowsMessage<SeedError>(HasSubstr("/c.png")));
}

TEST(FolderSeeds, MissingFolderOrFileInItsPlace) {
  const std::string folder = test::fresh_folder();
  write_atomically(folder + "/file", "");
  EXPECT_THAT([&] { SeedSet::folder(folder + "/missing"); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("/missing"), HasSubstr("No such file"),
                                             HasSubstr("give a folder"))));
  EXPECT_THAT([&] { SeedSet::folder(folder + "/file"); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("/file"), HasSubstr("is a file"))));
}

/// Someone who may not read everything, as root may, for as long as it lives.
class Unprivileged {
 public:
  Unprivileged() : before_(geteuid()) { changed_ = before_ == 0 && seteuid(65534) == 0; }
  ~Unprivileged() {
    if (changed_ && seteuid(before_) != 0) std::abort();
  }

 private:
  uid_t before_;
  bool changed_ = false;
};

TEST(FolderSeeds, AFolderThatMayNotBeReadIsAnError) {
  const std::string folder = test::fresh_folder() + "/closed";
  add_image(folder, "a.png");
  fs::permissions(folder, fs::no_perms);
  {
    const Unprivileged someone;
    EXPECT_THAT([&] { SeedSet::folder(folder); },
                ThrowsMessage<SeedError>(AllOf(HasSubstr(folder), HasSubstr("Permission denied"))));
  }
  fs::permissions(folder, fs::owner_all);
}

TEST(FolderSeeds, EmptyFolderSaysWhatElseIsThere) {
  const std::string folder = test::fresh_folder();
  write_atomically(folder + "/notes.txt", "");
  EXPECT_THAT([&] { SeedSet::folder(folder); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr(folder), HasSubstr("holds no PNG"),
                                             HasSubstr("put some there"))));
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(
                  AllOf(HasSubstr("in its 0 sub-folders"), HasSubstr("without classes"))));
  add_image(folder + "/cat", "1.png");
  EXPECT_THAT([&] { SeedSet::folder(folder); },
              ThrowsMessage<SeedError>(
                  AllOf(HasSubstr("but 1 sub-folders"), HasSubstr("sub-folders as classes"))));
}

}  // namespace
}  // namespace dflare
