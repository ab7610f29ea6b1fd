#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string load_message(const std::string& path, const LoadOptions& options = {}) {
  return message_of<ModelError>([&] { load(path, options); });
}

std::string file_with(const std::string& name, const std::string& content) {
  const std::string path = test::fresh_folder() + "/" + name;
  write_atomically(path, content);
  return path;
}

std::string linear_file() {
  const std::string path = test::fresh_folder() + "/linear.pt";
  test::save_linear(path, 1, 4, 4, 3);
  return path;
}

TEST(LoadErrors, MissingFile) {
  const std::string path = test::fresh_folder() + "/none.pt";
  EXPECT_THAT(load_message(path),
              AllOf(HasSubstr(path), HasSubstr("No such file"), HasSubstr("check the path")));
}

TEST(LoadErrors, Folder) {
  const std::string path = test::fresh_folder() + "/folder.pt";
  boost::filesystem::create_directory(path);
  EXPECT_THAT(load_message(path), AllOf(HasSubstr(path), HasSubstr("this is a folder")));
}

TEST(LoadErrors, UnknownExtension) {
  const std::string path = file_with("model.h5", "x");
  EXPECT_THAT(load_message(path),
              AllOf(HasSubstr(path), HasSubstr("extension '.h5'"), HasSubstr(".torchscript"),
                    HasSubstr(".tflite"), HasSubstr("a process or a server")));
}

TEST(LoadErrors, ABackendThatWasNotBuilt) {
  std::string with;
#ifndef DFLARE_HAS_OPENVINO
  EXPECT_THAT(load_message(file_with("model.onnx", "x")),
              AllOf(HasSubstr("model.onnx"), HasSubstr("has no OpenVINO, which reads .onnx files"),
                    HasSubstr("scripts/install-runtimes.sh --with openvino")));
#else
  with += " OpenVINO";
#endif
#ifndef DFLARE_HAS_EXECUTORCH
  EXPECT_THAT(load_message(file_with("model.pte", "x")),
              AllOf(HasSubstr("has no ExecuTorch, which reads .pte files"),
                    HasSubstr("scripts/install-runtimes.sh --with executorch")));
#else
  with += " ExecuTorch";
#endif
#ifndef DFLARE_HAS_SERVER
  EXPECT_THAT(message_of<ModelError>([] {
                Server server;
                server.url = "http://localhost:1";
                server.model = "m";
                load_server(server, {});
              }),
              AllOf(HasSubstr("'m' at http://localhost:1"), HasSubstr("libcpp-httplib-dev")));
#else
  with += " servers";
#endif
  RecordProperty("built_with", with);
}

TEST(LoadErrors, ASourceIsOneThing) {
  const auto refusal = [](const ModelSource& source) {
    return message_of<ConfigError>([&] { load(source, LoadOptions()); });
  };
  EXPECT_EQ(refusal({}),
            "the source of a model names nothing; expected one of a file, a command and the URL of "
            "a server");
  EXPECT_THAT(refusal(ModelFile()), HasSubstr("names nothing"));
  EXPECT_THAT(refusal(Command()), HasSubstr("names nothing"));
  EXPECT_THAT(refusal(Server()), HasSubstr("names nothing"));
}

TEST(LoadErrors, EmptyFile) {
  const std::string path = file_with("empty.pt", "");
  EXPECT_THAT(load_message(path), AllOf(HasSubstr(path), HasSubstr("the file is empty")));
}

TEST(LoadErrors, TextFile) {
  const std::string path = file_with("text.pt", "weights, in a manner of speaking\n");
  EXPECT_THAT(load_message(path),
              AllOf(HasSubstr(path), HasSubstr("no TorchScript file"),
                    HasSubstr("torch.jit.script"), HasSubstr("torch.jit.trace")));
}

TEST(LoadErrors, TruncatedFile) {
  const std::string whole = read_file(linear_file());
  const std::string path = file_with("truncated.pt", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(load_message(path), AllOf(HasSubstr(path), HasSubstr("truncated"),
                                        HasSubstr(std::to_string(whole.size() / 2) + " bytes")));
}

TEST(LoadErrors, DamagedFile) {
  std::string bytes = read_file(linear_file());
  const std::size_t directory = bytes.find("PK\x01\x02");
  ASSERT_NE(directory, std::string::npos);
  bytes[directory] = '?';
  const std::string path = file_with("damaged.pt", bytes);
  EXPECT_THAT(load_message(path),
              AllOf(HasSubstr(path), HasSubstr("LibTorch"), HasSubstr("cannot read it"),
                    HasSubstr("zip"), Not(HasSubstr("frame #")), Not(HasSubstr("\n"))));
}

TEST(LoadErrors, OldCheckpoint) {
  const std::string path = file_with("old.pth", std::string("\x80\x02\x8a\x0al\xfc\x9c", 7));
  EXPECT_THAT(load_message(path), AllOf(HasSubstr(path), HasSubstr("checkpoint of torch.save"),
                                        HasSubstr("torch.jit.script")));
}

TEST(LoadErrors, Checkpoint) {
  std::string bytes = read_file(linear_file());
  for (std::size_t at; (at = bytes.find("/constants.pkl")) != std::string::npos;) {
    bytes.replace(at, 14, "/konstants.pkl");
  }
  ASSERT_NE(bytes.find("/data.pkl"), std::string::npos);
  const std::string path = file_with("checkpoint.pt", bytes);
  EXPECT_THAT(load_message(path), AllOf(HasSubstr(path), HasSubstr("checkpoint of torch.save")));
}

TEST(LoadErrors, ExportedProgram) {
  for (const std::string part :
       {"m/archive_format", "serialized_exported_program.json", "m/models/model.json"}) {
    const std::string bytes = "PK\x03\x04" + part + "m/data.pkl" + "PK\x05\x06";
    EXPECT_THAT(load_message(file_with("renamed.pt", bytes)),
                AllOf(HasSubstr("renamed.pt"), HasSubstr("an exported program of torch.export"),
                      HasSubstr(".pte"), HasSubstr(".onnx"), HasSubstr("torch.jit.trace"),
                      Not(HasSubstr("checkpoint"))))
        << part;
  }
}

TEST(LoadErrors, Safetensors) {
  const std::string bytes =
      std::string("\x40\0\0\0\0\0\0\0", 8) + R"({"a":{"dtype":"F32","data_offsets":[0,4]}})";
  EXPECT_THAT(load_message(file_with("weights.pt", bytes)),
              AllOf(HasSubstr("safetensors file"), HasSubstr("no program")));
}

TEST(LoadErrors, FormatsThatAreKnownByTheirExtension) {
  const std::pair<const char*, const char*> formats[] = {
      {"model.pt2", "an exported program of torch.export"},
      {"lite.ptl", "module.save(path)"},
      {"model.ptd", "give the .pte"},
      {"model.onnx.data", "give the .onnx"},
      {"model.bin", "give the .xml"},
      {"model.safetensors", "torch.jit.script(model.eval()).save(path)"},
      {"last.ckpt", "weights alone"},
      {"best.pth.tar", "weights alone"},
      {"model.h5", "TFLiteConverter"},
      {"model.keras", "TFLiteConverter"},
      {"saved_model.pb", "TFLiteConverter"}};
  for (const auto& [name, what] : formats) {
    const std::string path = file_with(name, "bytes");
    EXPECT_THAT(load_message(path),
                AllOf(HasSubstr("'" + path + "'"), HasSubstr(what), HasSubstr("; known are: ")));
  }
}

TEST(LoadErrors, OtherArchive) {
  const std::string path =
      file_with("archive.pt", std::string("PK\x05\x06", 4) + std::string(18, '\0'));
  EXPECT_THAT(load_message(path), HasSubstr("no TorchScript file"));
  const std::string with_file = file_with("archive.pt",
                                          "PK\x03\x04"
                                          "notes.txt"
                                          "PK\x05\x06" +
                                              std::string(18, '\0'));
  EXPECT_THAT(load_message(with_file), HasSubstr("zip archive without a TorchScript program"));
}

TEST(LoadErrors, UnknownDevice) {
  LoadOptions options;
  options.device = "gpu";
  const std::string path = linear_file();
  EXPECT_THAT(load_message(path, options),
              AllOf(HasSubstr(path), HasSubstr("device 'gpu'"), HasSubstr("cpu, cuda or cuda:N")));
}

TEST(LoadErrors, DeviceThatIsNotThere) {
  LoadOptions options;
  options.device = "cuda:99";
  EXPECT_THAT(load_message(linear_file(), options),
              AllOf(HasSubstr("device 'cuda:99'"), HasSubstr("CUDA device")));
}

TEST(LoadErrors, EngineThatIsNotThere) {
  LoadOptions options;
  options.engine = "warp";
  const std::string path = linear_file();
  EXPECT_THAT(load_message(path, options),
              AllOf(HasSubstr(path), HasSubstr("quantised engine 'warp'"),
                    HasSubstr("this LibTorch has: "), EndsWith("or leave the engine out")));
}

TEST(LoadErrors, InputSpecificationThatMakesNoSense) {
  LoadOptions options;
  options.input.channels = 7;
  EXPECT_THAT(message_of<ConfigError>([&] { load(linear_file(), options); }),
              HasSubstr("input channels: 7"));
}

}  // namespace
}  // namespace dflare
