#include "training/state.hpp"

#include <ATen/ATen.h>

#include "fuzz.hpp"
#include "support/files.hpp"

// state.bin of an interrupted repair.
namespace dflare::fuzz {
namespace {

constexpr const char* fingerprint = "key";

}  // namespace

void read(const std::string& bytes) {
  repair::load_state(scratch_file("state.bin", bytes), fingerprint);
}

std::vector<std::string> examples() {
  repair::State state;
  state.rounds.resize(2);
  state.rounds[1].number = 1;
  state.best_round = 1;
  state.repair_now = {at::zeros({2, 3}), at::ones({2}, at::kByte)};
  state.repair_best = {at::zeros({2, 3}), at::ones({0, 2})};
  state.findings = {{cv::Mat(2, 3, CV_8UC3, cv::Scalar(1, 2, 3)), 2, 0.4},
                    {cv::Mat(3, 2, CV_8UC1, cv::Scalar(4)), {}, 0.1}};
  state.validation_findings = {{cv::Mat(1, 1, CV_8UC1, cv::Scalar(5)), 0, 0.2}};
  const std::string file = scratch_folder() + "/saved.bin";
  repair::save_state(file, fingerprint, state);
  return {read_file(file)};
}

}  // namespace dflare::fuzz
