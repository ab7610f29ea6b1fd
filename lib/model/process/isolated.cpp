#include "model/process/isolated.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <utility>

#include "dflare/error.hpp"
#include "model/identity.hpp"
#include "model/input_json.hpp"
#include "model/process/host_program.hpp"
#include "model/process/process_model.hpp"
#include "model/process/sandbox.hpp"
#include "support/version.hpp"

namespace dflare {
namespace {

std::string running_program() {
  boost::system::error_code failure;
  return boost::filesystem::read_symlink("/proc/self/exe", failure).string();
}

Command host_command(const std::string& path, const LoadOptions& options) {
  Command command;
  command.words = {host_program(running_program()),     path,       "--input",
                   input_to_json(options.input).dump(), "--device", options.device};
  if (!options.engine.empty())
    command.words.insert(command.words.end(), {"--engine", options.engine});
  return command;
}

// The size to resize to may be the model file's own.
void check_all_but_size(InputSpec input) {
  if (!input.size.given()) input.resize = false;
  input.check();
}

const HostHello& require_host(const Service& service, const std::string& program) {
  if (!service.hello.host)
    throw ModelError(fmt::format("'{}' is another program than dflare-host", program));
  if (service.hello.host->version != version())
    throw ModelError(
        fmt::format("'{}' is of dflare {}, but this program of dflare {}; use those of one dflare",
                    program, service.hello.host->version, version()));
  return *service.hello.host;
}

}  // namespace

std::shared_ptr<Model> load_isolated(const std::string& path, const LoadOptions& options) {
  check(options.limits);
  check_all_but_size(options.input);
  try {
    if (options.sandbox && options.device != "cpu") {
      throw ModelError(
          fmt::format("isolate: sandboxed leaves a model the CPU alone, and device is '{}'; leave "
                      "one of the two out",
                      options.device));
    }
    auto service = std::make_shared<Service>();
    const Command host = host_command(path, options);
    service->command = options.sandbox ? sandboxed(host) : host;
    service->limits = options.limits;
    service->isolated = true;
    auto child = std::make_unique<Channel>(service->command, options.limits);
    service->hello = greet(*child);
    const HostHello& hello = require_host(*service, host.words.front());
    ModelInfo info;
    info.path = path;
    info.name = path;
    info.sha256 = service->hello.sha256;
    info.files = paths_of(parts_of(path));
    info.backend = hello.backend;
    info.runtime = service->hello.runtime;
    info.device = hello.device;
    info.engine = hello.engine;
    info.isolated = true;
    info.sandboxed = options.sandbox;
    info.limits = options.limits;
    return std::make_shared<ProcessModel>(service, std::move(child), /*greeted=*/true, hello.spec,
                                          info);
  } catch (const ModelError& failure) {
    throw ModelError(path, failure.what());
  }
}

}  // namespace dflare
