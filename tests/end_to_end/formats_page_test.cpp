// The C++ of docs/formats.md; formats_test.py runs it in a folder that holds the files, and sees to
// it that the page shows it line by line.
#include <dflare/gtest.hpp>

TEST(Formats, FloatAndInt8) {
  dflare::InputSpec input;  // size, channels and layout are in the files
  input.mean = {0.485F, 0.456F, 0.406F};
  input.stddev = {0.229F, 0.224F, 0.225F};
  const auto seeds = dflare::SeedSet::cifar10("test_batch.bin").take(100);
  EXPECT_DEVIATION_RATE_LE("resnet20.onnx", "resnet20_int8.onnx", seeds, 0.3,
                           dflare::everyday().input(input));
}

TEST(Formats, OneFileTwoRuntimes) {
  dflare::LoadOptions options;
  options.input.resize = true;
  dflare::Command litert;
  litert.words = {"python3", "litert_model.py", "mobilenet.tflite"};
  EXPECT_NO_DEVIATION(dflare::load("mobilenet.tflite", options),
                      dflare::load_process(litert, options), dflare::SeedSet::folder("photographs"),
                      dflare::Options().queries(100));
}
