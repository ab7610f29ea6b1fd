#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/onnx_bytes.hpp"
#include "model/openvino_models.hpp"
#include "model/scores_of.hpp"
#include "support/files.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using namespace test;  // NOLINT: the tests' own helpers
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string load_message(const std::string& path, const LoadOptions& options = {}) {
  return message_of<ModelError>([&] { load(path, options); });
}

std::string file_with(const std::string& name, const std::string& content) {
  const std::string path = fresh_folder() + "/" + name;
  write_atomically(path, content);
  return path;
}

auto one_line_about(const std::string& path) {
  return AllOf(HasSubstr("model '" + path + "'"), Not(HasSubstr("\n")), Not(HasSubstr(".cpp")));
}

TEST(OpenVinoErrors, EmptyFile) {
  for (const std::string extension : {".onnx", ".tflite", ".xml"}) {
    const std::string path = file_with("empty" + extension, "");
    EXPECT_THAT(load_message(path),
                AllOf(one_line_about(path), HasSubstr("the file is empty; copy it again")));
  }
}

TEST(OpenVinoErrors, TextFile) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  for (const auto& [extension, kind] :
       {std::pair{".onnx", "ONNX"}, {".tflite", "TensorFlow Lite"}, {".xml", "OpenVINO IR"}}) {
    const std::string path = file_with(std::string("text") + extension, "weights, in words\n");
    EXPECT_THAT(load_message(path),
                AllOf(one_line_about(path), HasSubstr(std::string("this is no ") + kind + " file"),
                      HasSubstr("give it the extension of what it is")));
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(OpenVinoErrors, DamagedFile) {
  const std::string tflite =
      file_with("damaged.tflite", std::string("\x1c\0\0\0TFL3", 8) + std::string(40, '\x7f'));
  EXPECT_THAT(load_message(tflite), AllOf(one_line_about(tflite), HasSubstr("cannot read it: "),
                                          HasSubstr("corrupted"), HasSubstr("; copy it again")));
  const std::string whole = read_file(linear_ir());
  const std::string xml = file_with("cut.xml", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(load_message(xml),
              AllOf(one_line_about(xml), HasSubstr("cannot read it: "), HasSubstr("anew")));
}

TEST(OpenVinoErrors, GraphWithoutItsWeights) {
  const std::string path = linear_ir();
  const std::string weights = boost::filesystem::path(path).replace_extension(".bin").string();
  write_atomically(weights, "few");
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("'" + weights + "'"),
                                        HasSubstr("that goes with it")));
  boost::filesystem::remove(weights);
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("'" + weights + "'"),
                                        HasSubstr("is not there")));
}

TEST(OpenVinoErrors, TwoOutputs) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    return ov::OutputVector{linear_over(input, 16, 3), linear_over(input, 16, 2)};
  });
  EXPECT_THAT(load_message(path),
              AllOf(one_line_about(path), HasSubstr("has 2 outputs"), HasSubstr("export it so")));
}

TEST(OpenVinoErrors, TwoInputs) {
  const auto a = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{-1, 1, 4, 4});
  const auto b = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{-1, 1, 4, 4});
  a->get_output_tensor(0).set_names({"left"});
  const auto sum = std::make_shared<op::Add>(a, b);
  const std::string path = fresh_folder() + "/two.xml";
  ov::save_model(std::make_shared<ov::Model>(ov::OutputVector{linear_over(sum, 16, 3)},
                                             ov::ParameterVector{a, b}),
                 path, false);
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("has 2 inputs: left, ")));
}

TEST(OpenVinoErrors, InputOfFiveDimensions) {
  const std::string path = linear_ir({1, 1, 4, 2, 2});
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("5 dimension(s)")));
}

TEST(OpenVinoErrors, InputOfAnyRank) {
  const std::string path = linear_ir(ov::PartialShape::dynamic());
  EXPECT_THAT(load_message(path),
              AllOf(one_line_about(path), HasSubstr("any shape"), HasSubstr("four dimensions")));
}

TEST(OpenVinoErrors, InputOfIntegers) {
  const std::string path = save_ir(ov::element::i32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto floats = std::make_shared<op::Convert>(input, ov::element::f32);
    return ov::OutputVector{linear_over(floats, 16, 3)};
  });
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("input is a tensor of i32"),
                                        HasSubstr("expected floats, u8 or i8")));
}

TEST(OpenVinoErrors, OutputOfLabels) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    return ov::OutputVector{
        std::make_shared<op::Convert>(linear_over(input, 16, 3), ov::element::i64)};
  });
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("answers a tensor of i64"),
                                        HasSubstr("export the scores, not labels")));
}

TEST(OpenVinoErrors, OutputOfLabelsAsFloats) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto one = op::Constant::create(ov::element::i64, {}, {1});
    const auto top = std::make_shared<op::TopK>(linear_over(input, 16, 3), one, 1, "max", "value");
    return ov::OutputVector{std::make_shared<op::Convert>(top->output(1), ov::element::f32)};
  });
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("answers the labels"),
                                        HasSubstr("export the scores, not labels")));
}

TEST(OpenVinoErrors, NumbersOf16Bits) {
  const std::string output = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    return ov::OutputVector{
        std::make_shared<op::Convert>(linear_over(input, 16, 3), ov::element::i16)};
  });
  EXPECT_THAT(load_message(output),
              AllOf(one_line_about(output), HasSubstr("answers a tensor of i16"),
                    HasSubstr("16-bit input and output are not read"), Not(HasSubstr("labels"))));
  const std::string input = save_ir(ov::element::i16, {-1, 1, 4, 4}, [](const Node& numbers) {
    return ov::OutputVector{
        linear_over(std::make_shared<op::Convert>(numbers, ov::element::f32), 16, 3)};
  });
  EXPECT_THAT(load_message(input), AllOf(one_line_about(input), HasSubstr("a tensor of i16"),
                                         HasSubstr("convert it with floats there")));
}

TEST(OpenVinoErrors, OutputOfOneDimension) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto axis = op::Constant::create(ov::element::i64, {1}, {1});
    return ov::OutputVector{std::make_shared<op::Squeeze>(linear_over(input, 16, 1), axis)};
  });
  EXPECT_THAT(load_message(path),
              AllOf(one_line_about(path), HasSubstr("images x classes"), HasSubstr("N x 1")));
}

TEST(OpenVinoErrors, ExternalDataThatAreNotThere) {
  const std::string bytes = field(7, field(5, external_tensor("weights.data", "0", "16")));
  const std::string path = file_with("model.onnx", bytes);
  EXPECT_THAT(load_message(path), AllOf(one_line_about(path), HasSubstr("weights.data', which is "),
                                        HasSubstr("not there")));
}

TEST(OpenVinoErrors, EightBitOutputThatSaysNoScale) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto scaled = std::make_shared<op::Multiply>(linear_over(input, 16, 3), number(10));
    return ov::OutputVector{std::make_shared<op::Convert>(scaled, ov::element::u8)};
  });
  EXPECT_THAT(load_message(path),
              AllOf(one_line_about(path), HasSubstr("tensor of u8"), HasSubstr("zero point")));
}

TEST(OpenVinoErrors, OutputThatIsNoMatrix) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4},
                                   [](const Node& input) { return ov::OutputVector{input}; });
  EXPECT_THAT(load_message(path),
              AllOf(one_line_about(path), HasSubstr("[?,1,4,4]"), HasSubstr("images x classes")));
}

// As an ONNX file whose batch is open, but not in a Reshape within.
TEST(OpenVinoErrors, AnswersForAnotherNumberOfImages) {
  const std::string path = save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto shape = op::Constant::create(ov::element::i64, {2}, {1, -1});
    return ov::OutputVector{std::make_shared<op::Reshape>(input, shape, false)};
  });
  const auto model = load(path);
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(pictures(2, 4, 4, 1)); }),
              AllOf(one_line_about(path), HasSubstr("[1,32]"), HasSubstr("classes = 2 x N")));
}

TEST(OpenVinoErrors, FailureWithinTheModel) {
  // Takes images of 4 x 4, but does not say so.
  const std::string path = save_ir(ov::element::f32, {-1, 1, -1, -1}, [](const Node& input) {
    return ov::OutputVector{linear_over(input, 16, 3)};
  });
  const auto model = load(path);
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(pictures(1, 8, 8, 1)); }),
              AllOf(one_line_about(path), HasSubstr("failed on 1 image(s) of 8 x 8 x 1: ")));
}

TEST(OpenVinoErrors, DeviceThatIsNotThere) {
  LoadOptions options;
  options.device = "quantum:3";
  const std::string path = linear_ir();
  EXPECT_THAT(load_message(path, options),
              AllOf(one_line_about(path), HasSubstr("device 'quantum:3'"), HasSubstr("cpu")));
}

TEST(OpenVinoErrors, QuantisedEngine) {
  LoadOptions options;
  options.engine = "qnnpack";
  const std::string path = linear_ir();
  EXPECT_THAT(load_message(path, options),
              AllOf(one_line_about(path), HasSubstr("engine 'qnnpack'"), HasSubstr("LibTorch"),
                    HasSubstr("leave the engine out")));
}

TEST(OpenVinoErrors, InputSpecificationThatContradictsTheFile) {
  LoadOptions options;
  options.input.size = {8, 8};
  const std::string path = linear_ir();
  EXPECT_THAT(load_message(path, options),
              AllOf(one_line_about(path), HasSubstr("images of 4 x 4"), HasSubstr("size 8 x 8")));
}

}  // namespace
}  // namespace dflare
