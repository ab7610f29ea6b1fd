#include "search/descent/descent_phase.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace dflare {
namespace {

using Phase = DescentPhase;
using Event = DescentEvent;

struct DescentTransition {
  Phase from;
  Event event;
  Phase to;
};

constexpr DescentTransition transitions[] = {
    // Most deviations lie on a boundary, with nothing nearer on the line: the first look says so.
    {Phase::first_look, Event::nothing_new, Phase::chooses},
    {Phase::first_look, Event::met, Phase::line},
    {Phase::first_look, Event::beyond, Phase::chooses},
    {Phase::first_look, Event::missed, Phase::chooses},

    {Phase::line, Event::nothing_new, Phase::chooses},
    {Phase::line, Event::met, Phase::line},
    {Phase::line, Event::beyond, Phase::line},
    {Phase::line, Event::missed, Phase::line},

    {Phase::chooses, Event::far_beyond, Phase::crossing},
    {Phase::chooses, Event::not_far, Phase::gradients},

    {Phase::crossing, Event::nothing_new, Phase::chooses},
    {Phase::crossing, Event::met, Phase::chooses},
    {Phase::crossing, Event::beyond, Phase::crossing},
    {Phase::crossing, Event::missed, Phase::crossing},

    {Phase::gradients, Event::nothing_new, Phase::changes},
    {Phase::gradients, Event::met, Phase::chooses},
    {Phase::gradients, Event::beyond, Phase::crossing},
    {Phase::gradients, Event::missed, Phase::chooses},

    {Phase::changes, Event::met, Phase::chooses},
    {Phase::changes, Event::beyond, Phase::chooses},
    {Phase::changes, Event::missed, Phase::chooses},
};

}  // namespace

DescentPhase next_phase(DescentPhase phase, DescentEvent event) {
  // Another deviation may be nearer, and the nearest is reached from anywhere.
  if (event == Event::begun) return Phase::first_look;
  if (event == Event::is_nearest && phase != Phase::not_begun) return Phase::nearest;
  for (const DescentTransition& transition : transitions) {
    if (transition.from == phase && transition.event == event) return transition.to;
  }
  throw std::logic_error(fmt::format("a descent in phase {} cannot have event {}",
                                     static_cast<int>(phase), static_cast<int>(event)));
}

}  // namespace dflare
