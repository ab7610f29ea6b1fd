#pragma once

namespace dflare {

/// Where the search from the seed input of a slot stands.
enum class SlotPhase {
  free,        ///< no seed input
  unread,      ///< a seed input that is yet to be read
  first_look,  ///< its image waits for the answer to itself
  searching,   ///< its chain proposes mutants
  minimising,  ///< a minimiser proposes them, from the deviation that the chain found
};

/// What happens to a slot.
enum class SlotEvent {
  taken,       ///< by a seed input
  read,        ///< its image
  looked_at,   ///< the seed input, and a chain starts from it
  chain_over,  ///< with a deviation that is to be minimised
  ended,       ///< with an outcome
};

/// The phase after an event. Throws std::logic_error where the event cannot come in that phase.
SlotPhase next_phase(SlotPhase phase, SlotEvent event);

}  // namespace dflare
