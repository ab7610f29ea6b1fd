#pragma once

#include <string>

namespace dflare {

/// Where a path for output leads to: links are followed, so that they stay links.
struct OutputPlace {
  std::string path;
  /// A character device, or this process's own standard output or error: written straight into,
  /// never replaced.
  bool is_stream = false;
};

/// Throws Error for what is neither a regular file (or nothing yet) nor a character device: a FIFO
/// without a reader would block for ever, and a block device would lose its content.
OutputPlace output_place(const std::string& path);

/// A file that is complete on disk beside its target, and gets its name by commit(); without that
/// nothing is left of it. A stream is written at commit().
class PendingFile {
 public:
  /// Throws Error naming `path` and the reason.
  PendingFile(const std::string& path, const std::string& content);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  /// Afterwards the file is there, also after a power loss. Throws as the constructor does.
  void commit();

 private:
  std::string given_, beside_, stream_content_;
  OutputPlace place_;
};

/// Waits until a file or folder is on disk, as far as its file system knows how to. Throws Error.
void sync_to_disk(const std::string& path);

}  // namespace dflare
