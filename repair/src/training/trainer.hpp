#pragma once

#include <functional>

#include "dflare/repair.hpp"
#include "training/teacher.hpp"
#include "weights/trainable.hpp"

namespace dflare::repair {

/// How far a round of training has come.
using OnStep = std::function<void(int step, double loss)>;

/// Trains the model for `steps` batches: the learning rate falls from `learning_rate` to zero along
/// half a cosine (Loshchilov and Hutter, ICLR 2017). Batches are made on a thread of their own, one
/// ahead. Returns the mean loss of the last tenth. Throws ModelError where the loss is no finite
/// number any more, Interrupted after `stop`.
double train_round(Trainable& model, Teacher& teacher, const TrainingImages& images,
                   const Training& training, double learning_rate, int round, int steps,
                   const OnStep& on_step, const StopSignal& stop);

}  // namespace dflare::repair
