#pragma once

namespace dflare::fuzz {

/// What YAML files may name, in scratch_folder(): original.pt and compressed.pt, folders of
/// pictures (training, unseen, classes) and two IDX files. Made once a process.
void make_sound_files();

}  // namespace dflare::fuzz
