#pragma once

namespace dflare {

/// What a descent does next.
enum class DescentPhase {
  not_begun,   ///< no deviation yet
  first_look,  ///< looks a little nearer on the line to the seed input
  line,        ///< looks nearer and nearer there
  chooses,     ///< by how far beyond the boundary its ray is: proposes nothing itself
  crossing,    ///< looks for where the ray crosses the boundary
  gradients,   ///< goes down gradients at a smaller radius
  changes,     ///< changes the ray's direction
  nearest,     ///< nothing but the seed input is nearer: the end
};

/// What happens to a descent.
enum class DescentEvent {
  begun,        ///< from a deviation
  is_nearest,   ///< no image but the seed's is nearer
  far_beyond,   ///< the ray is far enough beyond the boundary to look for its crossing
  not_far,      ///< it is not
  nothing_new,  ///< the phase has nothing more to look at
  met,          ///< what was proposed is a deviation
  beyond,       ///< it is none, but beyond the boundary
  missed,       ///< it is neither
};

/// The phase after an event. Throws std::logic_error where the event cannot come in that phase.
DescentPhase next_phase(DescentPhase phase, DescentEvent event);

}  // namespace dflare
