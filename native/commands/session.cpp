#include "native/commands/session.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace pumice::commands {
namespace {

bool validation_in_environment() {
  const char* value = std::getenv("PUMICE_VALIDATION");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace

std::unique_ptr<hal::Device> Session::open_device() {
  auto on_message = [this](std::string_view message) {
    ++validation_messages_;
    fmt::print(stderr, "pumice: validation: {}\n", message);
  };
  return backend_.open({.device = device,
                        .validation = validate || validation_in_environment(),
                        .on_message = on_message});
}

void Session::print(const std::string& text, const nlohmann::json& object) const {
  std::string line = (json ? object.dump() : text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

void Session::note(const std::string& text) const { fmt::print(stderr, "pumice: {}\n", text); }

void add_common_options(CLI::App& command, Session& session) {
  command.add_option("--device", session.device,
                     "Where to compute: an index of 'pumice devices', a type (gpu, discrete, "
                     "integrated, virtual, cpu) or a part of the name; default: the best");
  command.add_flag("--json", session.json, "Results as JSON on stdout");
  command.add_flag("--validate", session.validate,
                   "Check every call of the driver (also PUMICE_VALIDATION=1)");
}

void add_seed_option(CLI::App& command, Session& session, const std::string& help) {
  command.add_option("--seed", session.seed, help);
}

}  // namespace pumice::commands
