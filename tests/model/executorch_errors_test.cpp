#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "model/executorch_files.hpp"

namespace dflare {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Where mnist_lenet5.pte says what: found by trying, which ExecuTorch's answers confirm.
constexpr std::size_t count_of_inputs = 1413, count_of_outputs = 1888, input_index = 1901,
                      output_type = 1975, input_dynamism = 2331, input_type = 2345,
                      input_order = 2365, most_images = 2372, input_width = 2384, memory = 1447,
                      a_call = 1448, a_value = 1708;

class ExecuTorchErrors : public test::ExecuTorchFiles {};

TEST_F(ExecuTorchErrors, RefusesWhatIsNoProgram) {
  EXPECT_THAT(refusal(""), HasSubstr("the file is empty; copy it again"));
  EXPECT_THAT(refusal("weights, in a manner of speaking\n"),
              AllOf(HasSubstr("this is no ExecuTorch file"), HasSubstr("to_executorch()")));
  EXPECT_THAT(refusal(read_file(path("mnist_lenet5.pt"))), HasSubstr("this is no ExecuTorch file"));
}

TEST_F(ExecuTorchErrors, RefusesDamagedFiles) {
  const std::string whole = read_file(path("mnist_lenet5.pte"));
  for (const std::size_t bytes : {whole.size() / 2, std::size_t{2000}, std::size_t{40}}) {
    EXPECT_THAT(refusal(whole.substr(0, bytes)),
                AllOf(HasSubstr("it is damaged"), HasSubstr("copy it again, or export it again")));
  }
  EXPECT_THAT(refusal(changed("ET12", "ET13")),
              AllOf(HasSubstr("written by a version that ExecuTorch 1."),
                    HasSubstr("'ET13' != expected 'ET12'")));
  EXPECT_THAT(refusal(changed("eh00", "eh99")),
              AllOf(HasSubstr("a part of it is not there"), HasSubstr(".ptd")));
  EXPECT_THAT(refusal(changed(memory, 0, 6)), HasSubstr("there is not enough memory for it"));
}

TEST_F(ExecuTorchErrors, RefusesWhatItCannotRun) {
  EXPECT_THAT(refusal(changed("forward", "forwart")),
              HasSubstr("it has no method forward, but forwart; export the model's forward"));
  EXPECT_THAT(refusal(changed("executorch_prim::et_view", "executorch_prim::et_viow")),
              AllOf(HasSubstr("has no kernel for: executorch_prim::et_viow.default;"),
                    HasSubstr("XNNPACK delegate")));
  EXPECT_THAT(refusal(changed("XnnpackBackend", "CoreMLoBackend")),
              AllOf(HasSubstr("compiled for the delegate CoreMLoBackend, but dflare runs"),
                    HasSubstr("docs/process.md")));
}

TEST_F(ExecuTorchErrors, RefusesWhatIsNoClassifierOfImages) {
  EXPECT_THAT(refusal(changed(count_of_inputs, 1, 0)),
              HasSubstr("it takes 12 inputs; expected one"));
  EXPECT_THAT(refusal(changed(input_index, 0, 1)), HasSubstr("its input is no tensor"));
  EXPECT_THAT(refusal(changed(input_type, 6, 5)), HasSubstr("its input is a tensor of type Half"));
  EXPECT_THAT(refusal(changed(input_order, 1, 3)), HasSubstr("lie in memory in the order 0 3 2 3"));
  EXPECT_THAT(refusal(changed(most_images, 15, 0)), HasSubstr("which holds no image"));
  EXPECT_THAT(refusal(changed(count_of_outputs, 1, 0)), HasSubstr("it answers 0 values"));
  EXPECT_THAT(refusal(changed(output_type, 6, 5)),
              HasSubstr("it answers a tensor of 15 x 10 of type Half"));
}

TEST_F(ExecuTorchErrors, ReadsTheLayoutFromTheOrderOfTheDimensions) {
  std::string channels_last = changed(input_order, 1, 2);
  channels_last[input_order + 1] = 3;
  channels_last[input_order + 2] = 1;
  const auto model = load(file_with(channels_last));
  EXPECT_EQ(model->input().layout, Layout::nhwc);
  EXPECT_EQ(model->input().size, (ImageSize{28, 28}));
  EXPECT_EQ(model->input().channels, 1);
}

TEST_F(ExecuTorchErrors, RefusesAFixedNumberOfImages) {
  EXPECT_THAT(refusal(changed(input_dynamism, 1, 0)),
              AllOf(HasSubstr("takes exactly 15 images at once"), HasSubstr("torch.export.Dim")));
}

TEST_F(ExecuTorchErrors, RefusesAnInputSpecificationThatContradictsTheFile) {
  const std::string whole = read_file(path("mnist_lenet5.pte"));
  LoadOptions options;
  options.input.size = {32, 32};
  EXPECT_THAT(refusal(whole, options),
              AllOf(HasSubstr("images of 28 x 28"), HasSubstr("size 32 x 32")));
  options = {};
  options.input.mean = {0.5F};
  for (const char type : {0, 1}) {  // Byte, Char
    EXPECT_THAT(refusal(changed(input_type, 6, type), options), HasSubstr("8-bit pixels"));
  }
}

TEST_F(ExecuTorchErrors, RefusesDevicesAndEngines) {
  const std::string whole = read_file(path("mnist_lenet5.pte"));
  LoadOptions options;
  options.device = "cuda";
  EXPECT_THAT(refusal(whole, options), HasSubstr("device 'cuda': ExecuTorch files run on the cpu"));
  options = {};
  options.engine = "qnnpack";
  EXPECT_THAT(refusal(whole, options), HasSubstr("engine 'qnnpack': only TorchScript files"));
}

// The runtime that is linked, without the libraries that lie beside it.
TEST_F(ExecuTorchErrors, SaysWhichOfItsLibrariesIsNotThere) {
  const std::string name = "libexecutorch.so", folder = test::fresh_folder();
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line) && line.find("/" + name) == std::string::npos) continue;
  ASSERT_NE(line.find('/'), std::string::npos);
  boost::filesystem::create_symlink(line.substr(line.find('/')), folder + "/" + name);

  GTEST_FLAG_SET(death_test_style, "threadsafe");  // starts this program again
  ASSERT_EQ(setenv("LD_LIBRARY_PATH", folder.c_str(), 1), 0);
  const auto say = [] {
    std::cerr << test::message_of<ModelError>([] { load(path("mnist_lenet5.pte")); });
    std::exit(0);
  };
  EXPECT_EXIT(say(), testing::ExitedWithCode(0),
              AllOf(HasSubstr("mnist_lenet5.pte"), HasSubstr("is not complete"),
                    HasSubstr("libexecutorch_threadpool.so"), HasSubstr("install it again")));
  unsetenv("LD_LIBRARY_PATH");
}

TEST_F(ExecuTorchErrors, NamesTheFileThatFails) {
  const ImageBatch images = digits(2);
  const auto failure = [&](const std::string& bytes) {
    const auto model = load(file_with(bytes), InputSpec());
    const std::string message = test::message_of<ModelError>([&] { model->predict(images); });
    EXPECT_THAT(message, HasSubstr(model->info().path));
    return message;
  };
  EXPECT_THAT(failure(changed(a_call, 2, 1)),
              AllOf(HasSubstr("failed on 2 image(s): ExecuTorch 1."), HasSubstr("gave up"),
                    HasSubstr("Error::Internal; DELEGATE_CALL index")));
  // Its layout is anybody's guess, and so its size is the user's to say.
  EXPECT_THAT(failure(changed(input_width, 28, 1)),
              HasSubstr("was fed images of 3136 bytes; expected 112, of 1 x 28 x 1"));
  EXPECT_THAT(failure(changed(a_value, 4, 1)), HasSubstr("for 2 image(s); expected 2 x 10"));
  EXPECT_THAT(test::message_of<ModelError>(
                  [&] { load(path("mnist_lenet5.pte"))->predict(test::picture(28, 28, 3)); }),
              HasSubstr("channel"));
}

}  // namespace
}  // namespace dflare
