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
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
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
  const SeedSet seeds = SeedSet::folder(folder, with_classes());
  EXPECT_THAT(ids_of(seeds), ElementsAre("cat/1.png", "dog/0.png", "dog/1.png"));
  EXPECT_EQ(seeds.load(0).label, 0);
  EXPECT_EQ(seeds.label(1), 1);
  EXPECT_EQ(seeds.load(2).label, 1);
  EXPECT_EQ(seeds.load(2).image.cols, 8);
}

TEST(FolderSeeds, AClassFolderWithoutAnImageIsAnErrorUnlessItMayBe) {
  const std::string folder = test::fresh_folder();
  add_image(folder + "/cat", "1.png");
  add_image(folder + "/dog", "1.png");
  fs::create_directories(folder + "/.empty");
  EXPECT_NO_THROW(SeedSet::folder(folder, with_classes()));
  fs::create_directories(folder + "/cow");
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(AllOf(
                  HasSubstr(folder),
                  HasSubstr("and 'cow' holds no PNG, JPEG, BMP or WebP image; remove what is no "
                            "class"),
                  HasSubstr("set empty_classes: true"))));
  // An image deeper inside, or of another kind, is not read.
  add_image(folder + "/bat/young", "1.png");
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(HasSubstr("and 'bat', 'cow' hold no PNG, JPEG, BMP or WebP "
                                                 "image, but 1 image in folders inside; remove")));
  write_atomically(folder + "/cow/1.tif", "");
  write_atomically(folder + "/cow/2.tif", "");
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(
                  HasSubstr("but 1 image in folders inside, 2 files of other kinds; remove")));
  fs::remove_all(folder + "/bat/young");
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(HasSubstr("image, but 2 files of other kinds; remove")));
  for (const char* more : {"e1", "e2", "e3", "e4", "e5"})
    fs::create_directories(folder + "/" + more);
  EXPECT_THAT(
      [&] { SeedSet::folder(folder, with_classes()); },
      ThrowsMessage<SeedError>(HasSubstr("'bat', 'cow', 'e1', 'e2', 'e3' and 2 more hold")));
  FolderOptions may_be_empty = with_classes();
  may_be_empty.empty_classes = true;
  const SeedSet seeds = SeedSet::folder(folder, may_be_empty);
  EXPECT_THAT(ids_of(seeds), ElementsAre("cat/1.png", "dog/1.png"));
  EXPECT_EQ(seeds.label(0), 1) << "bat is the first class";
  EXPECT_EQ(seeds.label(1), 3) << "cow is the third";
}

TEST(FolderSeeds, SayWhatIsLeftOut) {
  const std::string folder = test::fresh_folder();
  add_image(folder, "a.png");
  EXPECT_THAT(SeedSet::folder(folder).remarks(), IsEmpty());
  for (const char* hidden : {"/.DS_Store", "/.x.tif"}) write_atomically(folder + hidden, "");
  add_image(folder + "/.thumbnails", "1.png");
  fs::create_directories(folder + "/nothing");
  EXPECT_THAT(SeedSet::folder(folder).remarks(), IsEmpty());
  write_atomically(folder + "/a.PPM", "");
  EXPECT_THAT(SeedSet::folder(folder).remarks(),
              ElementsAre("1 file of another kind (.ppm) is left out"));
  for (const char* other : {"/a.tif", "/b.TIF", "/noext"}) write_atomically(folder + other, "");
  add_image(folder + "/dog", "1.png");
  EXPECT_THAT(SeedSet::folder(folder).remarks(),
              ElementsAre("1 image in sub-folders is left out",
                          "4 files of other kinds (.tif 2, no suffix 1, .ppm 1) are left out"));
  add_image(folder + "/dog/puppies", "1.png");
  EXPECT_THAT(SeedSet::open(folder).remarks(), Contains("2 images in sub-folders are left out"));
}

TEST(FolderSeeds, OfClassesSayWhatIsLeftOut) {
  const std::string folder = test::fresh_folder();
  add_image(folder + "/cat", "1.png");
  add_image(folder + "/dog", "1.png");
  EXPECT_THAT(SeedSet::folder(folder, with_classes()).remarks(), IsEmpty());
  add_image(folder, "sheet.png");
  add_image(folder + "/dog/puppies/young", "1.png");
  add_image(folder + "/cat/kittens", "2.png");
  write_atomically(folder + "/dog/1.tif", "");
  write_atomically(folder + "/cat/2.tif", "");
  write_atomically(folder + "/labels.txt", "");
  EXPECT_THAT(SeedSet::folder(folder, with_classes()).remarks(),
              ElementsAre("2 images in folders inside the class folders are left out",
                          "1 image beside the class folders is left out ('sheet.png')",
                          "3 files of other kinds (.tif 2, .txt 1) are left out"));
}

TEST(FolderSeeds, OfManyKindsNameTheMostFrequent) {
  const std::string folder = test::fresh_folder();
  add_image(folder, "a.png");
  for (const char* name : {"x.a", "x.b", "x.c", "x.d", "x.e", "x.f", "x.g", "y.g"})
    write_atomically(folder + "/" + name, "");
  EXPECT_THAT(SeedSet::folder(folder).remarks(),
              ElementsAre("8 files of other kinds (.g 2, .a 1, .b 1, .c 1, .d 1, .e 1, ...) are "
                          "left out"));
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
                                             HasSubstr("1 file of another kind (.txt) is left out"),
                                             HasSubstr("put some there"))));
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(
                  AllOf(HasSubstr("in its 0 sub-folders"), HasSubstr("without classes"))));
  add_image(folder + "/val/cat", "1.png");
  EXPECT_THAT([&] { SeedSet::folder(folder); },
              ThrowsMessage<SeedError>(AllOf(HasSubstr("but 1 sub-folder with 1 image;"),
                                             HasSubstr("sub-folders as classes"))));
  EXPECT_THAT([&] { SeedSet::folder(folder, with_classes()); },
              ThrowsMessage<SeedError>(
                  AllOf(HasSubstr("in its 1 sub-folder, expected"),
                        HasSubstr("there is 1 image a level deeper: give one of the sub-folders "
                                  "('val')"))));
}

}  // namespace
}  // namespace dflare
