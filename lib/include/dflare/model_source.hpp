#pragma once

/// @file
/// Where models come from: a file, a command that runs one in a process of its own, a server.

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dflare {

/// How long a model in a process of its own may take, and how much memory. What goes beyond a limit
/// is ended, and a failure of the images that it was asked about. Loading throws ConfigError for
/// values outside the ranges below.
struct ProcessLimits {
  double start_seconds = 120;  ///< from its start until it is ready, above 0
  double answer_seconds = 60;  ///< for each batch, above 0
  int memory_mib = 0;          ///< resident memory of the process, in MiB, 0 or more; 0: no limit
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
/// Server, MLServer). Loading throws ModelError for values outside the ranges below.
struct Server {
  std::string url,  ///< "http://localhost:8080", without the path of the protocol; empty: none
      model,        ///< its name there
      version,      ///< empty: the one that the server chooses
      token_from;   ///< the environment variable that holds a bearer token; empty: none is sent
  double connect_seconds = 5,  ///< for a connection, above 0 and at most 86400
      answer_seconds = 60,     ///< for each exchange, above 0 and at most 86400
      back_off_seconds = 0.5;  ///< before the first retry, 0 to 60; doubled before each further
                               ///< one, up to 60
  int retries = 3;             ///< after a request that failed, 0 to 100
};

/// A file of one of the formats that dflare reads.
struct ModelFile {
  std::string path;  ///< empty: none
};

/// One of a file, a command and a server.
class ModelSource {
 public:
  ModelSource() = default;                                       ///< a file without a path
  ModelSource(ModelFile file) : source_(std::move(file)) {}      ///< a file
  ModelSource(Command command) : source_(std::move(command)) {}  ///< a program
  ModelSource(Server server) : source_(std::move(server)) {}     ///< a server

  /// Of the file; empty: it is none.
  const std::string& path() const;
  const Command* command() const { return std::get_if<Command>(&source_); }  ///< null: it is none
  const Server* server() const { return std::get_if<Server>(&source_); }     ///< null: it is none

  /// Whether the path, the words or the url are there. load() throws ConfigError where they are
  /// not.
  bool given() const;
  /// For messages: the path, the words of the command, "MODEL at URL".
  std::string name() const;

 private:
  std::variant<ModelFile, Command, Server> source_;
};

}  // namespace dflare
