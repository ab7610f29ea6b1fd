#pragma once

#include <string>

#include "digits.hpp"

/// Trains a LeNet-5 on the digits and saves it as TorchScript. Takes 1 x 28 x 28 images, pixel /
/// 255, and answers logits.
void train_lenet5(const Digits& digits, const std::string& path);
