#include "native/commands/session.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/io/json_text.h"
#include "native/system/print.h"
#include "native/system/shell.h"

namespace pumice::commands {
namespace {

bool validation_in_environment() {
  const char* value = std::getenv("PUMICE_VALIDATION");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace

std::unique_ptr<hal::Device> Session::open_device(bool with_every_core) {
  return open_device_named(device, with_every_core);
}

std::unique_ptr<hal::Device> Session::open_device_named(const std::string& name,
                                                        bool with_every_core) {
  auto on_message = [this](std::string_view message) {
    ++validation_messages_;
    system::print(stderr, fmt::format("pumice: validation: {}\n", message));
  };
  return backend_.open({.device = name,
                        .validation = validate || validation_in_environment(),
                        .on_message = on_message,
                        .notify = notifier(),
                        .with_every_core = with_every_core});
}

void Session::print(const std::string& text, const nlohmann::json& object) const {
  if (quiet) return;
  system::print(stdout, (json ? io::json_text(object) : text) + "\n");
}

void Session::note(const std::string& text) const {
  if (!quiet) system::print(stderr, fmt::format("pumice: {}\n", text));
}

std::string Session::command(std::vector<std::string> words, const std::string& data) const {
  words.insert(words.begin(), "pumice");
  words.insert(words.begin(), launcher.begin(), launcher.end());
  if (!data.empty()) words.insert(words.end(), {"--data", data});
  if (!device.empty()) words.insert(words.end(), {"--device", device});
  return system::shell_command(words);
}

void add_common_options(CLI::App& command, Session& session) {
  command.add_option("--device", session.device,
                     "Where to compute: an index of 'pumice devices', a type (gpu, discrete, "
                     "integrated, virtual, cpu, vulkan-cpu) or a part of the name; default: the "
                     "best; of several processes that train together: a list, one for each");
  command.add_flag("--json", session.json, "Results as JSON on stdout");
  command.add_flag("--validate", session.validate,
                   "Check every call of the driver (also PUMICE_VALIDATION=1)");
}

void add_seed_option(CLI::App& command, Session& session, const std::string& help) {
  command.add_option("--seed", session.seed, help);
}

}  // namespace pumice::commands
