// A model that takes its gradients from another one.

#include <utility>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/model_access.hpp"

namespace dflare {
namespace {

class TwinModel : public Model {
 public:
  TwinModel(std::shared_ptr<Model> model, std::shared_ptr<Model> twin)
      : Model(model->input(), model->info()), model_(std::move(model)), twin_(std::move(twin)) {
    ModelAccess::set_score_step(*this, ModelAccess::score_step(*model_));
  }

  bool has_gradients() const override { return true; }
  cv::Mat gradient(const Image& image, int a, int b) override {
    return twin_->gradient(image, a, b);
  }

  std::shared_ptr<Model> replicate() const override {
    return std::make_shared<TwinModel>(model_->replicate(), twin_->replicate());
  }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    ModelAccess::run(*model_, images, answers);
  }
  Finish queue(const ImageBatch& images) override { return ModelAccess::queue(*model_, images); }

 private:
  std::shared_ptr<Model> model_, twin_;
};

}  // namespace

std::shared_ptr<Model> with_gradients_from(std::shared_ptr<Model> model,
                                           std::shared_ptr<Model> twin) {
  if (!twin->has_gradients()) {
    throw ModelError(twin->info().name,
                     "has no gradients to give to '" + model->info().name +
                         "'; give a floating-point TorchScript file of the same network");
  }
  return std::make_shared<TwinModel>(std::move(model), std::move(twin));
}

}  // namespace dflare
