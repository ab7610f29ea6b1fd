#include "search/engine/slot_phase.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace dflare {
namespace {

struct SlotTransition {
  SlotPhase from;
  SlotEvent event;
  SlotPhase to;
};

constexpr SlotTransition transitions[] = {
    {SlotPhase::free, SlotEvent::taken, SlotPhase::unread},
    {SlotPhase::unread, SlotEvent::read, SlotPhase::first_look},
    {SlotPhase::unread, SlotEvent::ended, SlotPhase::free},
    {SlotPhase::first_look, SlotEvent::looked_at, SlotPhase::searching},
    {SlotPhase::first_look, SlotEvent::ended, SlotPhase::free},
    {SlotPhase::searching, SlotEvent::chain_over, SlotPhase::minimising},
    {SlotPhase::searching, SlotEvent::ended, SlotPhase::free},
    {SlotPhase::minimising, SlotEvent::ended, SlotPhase::free},
};

}  // namespace

SlotPhase next_phase(SlotPhase phase, SlotEvent event) {
  for (const SlotTransition& transition : transitions) {
    if (transition.from == phase && transition.event == event) return transition.to;
  }
  throw std::logic_error(fmt::format("a slot in phase {} cannot have event {}",
                                     static_cast<int>(phase), static_cast<int>(event)));
}

}  // namespace dflare
