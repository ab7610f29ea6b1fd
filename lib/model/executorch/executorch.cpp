#include "model/executorch/executorch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"
#include "model/executorch/program.hpp"
#include "model/named_model.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

using Bytes = std::shared_ptr<const std::string>;

class ExecuTorchModel : public Model {
 public:
  ExecuTorchModel(Bytes bytes, std::unique_ptr<ExecuTorchProgram> program, InputSpec input,
                  ModelInfo info)
      : Model(std::move(input), std::move(info)),
        bytes_(std::move(bytes)),
        program_(std::move(program)),
        feed_(program_->input().element, program_->input().quantisation) {}

  std::shared_ptr<Model> replicate() const override {
    return naming_model(info_.name, [this] {
      return std::make_shared<ExecuTorchModel>(bytes_, std::make_unique<ExecuTorchProgram>(bytes_),
                                               input(), info());
    });
  }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    const Feed::Tensor batch = feed_.fill(images, input());
    answers.resize(batch.count, program_->classes());
    const int most = program_->input().most_images;
    for (int first = 0; first < batch.count; first += most) {
      program_->run(batch.from(first), batch.bytes_an_image, std::min(most, batch.count - first),
                    answers.row(first));
    }
  }

 private:
  Bytes bytes_;
  std::unique_ptr<ExecuTorchProgram> program_;
  Feed feed_;
};

void require_plain(const LoadOptions& options) {
  if (options.device != "cpu") {
    throw ModelError(fmt::format(
        "device '{}': ExecuTorch files run on the cpu here; leave the device out", options.device));
  }
  if (!options.engine.empty()) {
    throw ModelError(
        fmt::format("engine '{}': only TorchScript files have a choice of quantised engines; leave "
                    "the engine out",
                    options.engine));
  }
}

}  // namespace

std::shared_ptr<Model> load_executorch(const std::string& path, const LoadOptions& options) {
  return naming_model(path, [&] {
    require_plain(options);
    Bytes bytes;
    try {
      bytes = std::make_shared<const std::string>(read_file(path));
    } catch (const Error& failure) {
      throw ModelError(failure.what());
    }
    ModelInfo info;
    info.path = path;
    info.name = path;
    info.sha256 = sha256_of(*bytes);
    info.backend = "ExecuTorch";
    info.runtime = executorch_version();
    info.device = options.device;
    auto program = std::make_unique<ExecuTorchProgram>(bytes);
    InputSpec input = agree(options.input, program->input());
    return std::make_shared<ExecuTorchModel>(std::move(bytes), std::move(program), std::move(input),
                                             std::move(info));
  });
}

}  // namespace dflare
