#pragma once

/// @file
/// Where models come from: a file, a command that runs one in a process of its own, a server.

#include <string>
#include <vector>

namespace dflare {

/// How long a model in a process of its own may take, and how much memory. What goes beyond a limit
/// is ended, and a failure of the images that it was asked about.
struct ProcessLimits {
  double start_seconds = 120;  ///< from its start until it is ready, above 0
  double answer_seconds = 60;  ///< for each batch, above 0
  int memory_mib = 0;          ///< resident memory of the process, in MiB; 0: no limit
};

/// A program that answers for a model by the protocol of docs/process.md.
struct Command {
  std::vector<std::string> words;  ///< the program and its arguments; empty: there is none
  std::string folder;              ///< that it runs in; empty: the current one
  /// The words as the user wrote them, with ${NAME} for what may be secret: what is shown and
  /// recorded. Empty: as `words`.
  std::vector<std::string> written{};

  /// What messages and files may show.
  const std::vector<std::string>& shown() const { return written.empty() ? words : written; }
};

/// A model behind the open inference protocol, version 2, over HTTP (KServe, Triton, OpenVINO Model
/// Server, MLServer).
struct Server {
  std::string url,  ///< "http://localhost:8080", without the path of the protocol; empty: none
      model,        ///< its name there
      version,      ///< empty: the one that the server chooses
      token_from;   ///< the environment variable that holds a bearer token; empty: none is sent
  double connect_seconds = 5,  ///< for a connection, above 0
      answer_seconds = 60,     ///< for each answer, above 0
      back_off_seconds = 0.5;  ///< before the first retry, doubled before each further one
  int retries = 3;             ///< after a request that failed
};

/// One of a file, a command and a server.
struct ModelSource {
  std::string file;  ///< a model file; empty: none
  Command process;   ///< without words: none
  Server server;     ///< without url: none

  /// For messages: the file, the words of the command, "MODEL at URL".
  std::string name() const;
};

}  // namespace dflare
