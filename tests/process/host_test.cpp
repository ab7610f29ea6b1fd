// The program dflare-host: where it is looked for, and what is said of another one in its place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "gtest_plugin/child.hpp"
#include "model/process/host_program.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

LoadOptions isolated() {
  LoadOptions options;
  options.input.channels = 1;
  options.input.size = {8, 8};
  options.isolate = true;
  return options;
}

/// An environment variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    const char* before = ::getenv(name);
    if (before != nullptr) before_ = before;
    had_ = before != nullptr;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { had_ ? ::setenv(name_, before_.c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::string before_;
  bool had_;
};

class Host : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string linear() const {
    test::save_linear(path("linear.pt"), 1, 8, 8, 4);
    return path("linear.pt");
  }
  /// A program that is taken for dflare-host.
  std::string program(const std::string& script) const {
    write_atomically(path("host"), "#!/bin/sh\n" + script);
    ::chmod(path("host").c_str(), 0755);
    return path("host");
  }

  std::string folder_ = test::fresh_folder();
};

TEST_F(Host, ThatTheEnvironmentNames) {
  const auto message = [&] { return message_of<ModelError>([&] { load(linear(), isolated()); }); };
  {
    const Variable host("DFLARE_HOST", path("none"));
    EXPECT_THAT(message(),
                AllOf(HasSubstr("DFLARE_HOST is '" + path("none")), HasSubstr("give the path")));
  }
  {
    const Variable host("DFLARE_HOST", program("exit 5"));
    EXPECT_THAT(message(), HasSubstr("ended with exit status 5 before it said hello"));
  }
  const std::string hello = R"({"dflare": 1, "runtime": "r", "input": {"element": "uint8"})";
  {
    const Variable host("DFLARE_HOST", program("echo '" + hello + "}' >&3; sleep 100"));
    EXPECT_THAT(message(), HasSubstr("is another program than dflare-host"));
  }
  const std::string rest =
      R"(, "host": {"version": "0.0.9", "backend": "", "device": "", "engine": "",
"spec": {"size": null, "resize": false, "channels": 1, "low": 0, "high": 1, "mean": [], "stddev": [],
"layout": "nchw", "output": "logits"}}})";
  std::string line = hello + rest;
  line.erase(std::remove(line.begin(), line.end(), '\n'), line.end());
  {
    const Variable host("DFLARE_HOST", program("echo '" + line + "' >&3; sleep 100"));
    EXPECT_THAT(message(),
                AllOf(HasSubstr("is of dflare 0.0.9"), HasSubstr("use those of one dflare")));
  }
  line.replace(line.find("\"nchw\""), 6, "\"chwn\"");
  const Variable host("DFLARE_HOST", program("echo '" + line + "' >&3; sleep 100"));
  EXPECT_THAT(message(), HasSubstr("'chwn', expected nchw or nhwc"));
}

TEST_F(Host, WhereItIsLookedFor) {
  const std::string host = program("exit 0");
  namespace fs = boost::filesystem;
  for (const std::string place : {"beside", "up/bin", "build/tools", "inpath"}) {
    fs::create_directories(path(place));
    fs::copy_file(host, path(place) + "/dflare-host");
  }
  for (const std::string place : {"up/lib", "build/tests", "empty/bin"})
    fs::create_directories(path(place));
  const Variable variable("PATH", path("empty") + "::" + path("inpath"));
  EXPECT_EQ(host_program(path("beside/a")), path("beside/dflare-host"));
  EXPECT_EQ(host_program(path("up/lib/a")), path("up/bin/dflare-host"));
  EXPECT_EQ(host_program(path("build/tests/a")), path("build/tools/dflare-host"));
  EXPECT_EQ(host_program(path("empty/bin/a")), path("inpath/dflare-host"));
  const Variable nothing("PATH", "");
  EXPECT_THAT(
      message_of<ModelError>([&] { host_program(path("empty/bin/a")); }),
      AllOf(HasSubstr("isolate wants the program dflare-host"), HasSubstr(path("empty/tools")),
            HasSubstr("DFLARE_HOST"), HasSubstr("$<TARGET_FILE:dflare::dflare-host>")));
}

TEST_F(Host, StartedByHandSaysWhatItIsFor) {
  const test::Ended ended = test::run_in(folder_, DFLARE_HOST_PROGRAM " " + linear());
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, HasSubstr("isolate: true"));
}

TEST_F(Host, ThatIsGivenNoInputSpecificationSaysSo) {
  const std::string command = "DFLARE_PROTOCOL=1 " DFLARE_HOST_PROGRAM " " + linear() +
                              " --input '{}' 3</dev/null 4</dev/null";
  const test::Ended ended = test::run_in(folder_, command);
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("--input"), HasSubstr("size")));
}

}  // namespace
}  // namespace dflare
