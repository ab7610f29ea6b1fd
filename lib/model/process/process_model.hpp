#pragma once

#include <cstdint>
#include <memory>

#include "dflare/model.hpp"
#include "model/input_tensor.hpp"
#include "model/process/channel.hpp"
#include "model/process/service.hpp"

namespace dflare {

/// A model in a child process. A child that fails is killed, and the next batch gets a new one.
class ProcessModel : public Model {
 public:
  /// With a child that was not greeted yet, or that the first hello came from.
  ProcessModel(std::shared_ptr<Service> service, std::unique_ptr<Channel> child, bool greeted,
               InputSpec input, ModelInfo info);
  ~ProcessModel() override;

  /// Starts the other child and does not wait for it, so that several start at a time.
  std::shared_ptr<Model> replicate() const override;

 protected:
  void run(const ImageBatch& images, Scores& answers) override;

 private:
  void be_ready();
  void drop_child();
  void evaluate(const ImageBatch& images, Scores& answers);
  void evaluate_part(const Feed::Tensor& tensor, int first, int count, Scores& answers);
  void check(const BatchAnswer& answer, int images) const;

  std::shared_ptr<Service> service_;
  std::unique_ptr<Channel> child_;  ///< null: the next batch starts one
  bool greeted_;
  Feed feed_;
  int classes_;  ///< 0: not known yet
  std::int64_t batches_ = 0;
};

}  // namespace dflare
