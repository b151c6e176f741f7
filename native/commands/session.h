#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/require.h"
#include "native/system/backend.h"
#include "native/training/load_data.h"

namespace CLI {
class App;
}

namespace pumice::commands {

/// A command line that parses but is invalid.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// What the subcommands share: options and devices.
class Session {
 public:
  explicit Session(const system::Backend& backend) : backend_(backend) {}

  std::string program;       ///< argv[0]; used to start child processes
  std::string command_line;  ///< as it was typed, but for the program's folder
  std::string device;
  std::optional<uint64_t> seed;
  bool json = false;                  ///< print results as JSON on stdout, and nothing else there
  bool validate = false;              ///< or PUMICE_VALIDATION=1
  bool quiet = false;                 ///< print nothing: another process does
  std::vector<std::string> launcher;  ///< what commands begin with: "mpirun", "-n", "4"

  int exit_code = 0;  ///< of the subcommand that ran

  /// The device of --device, without the cores that failed its self-test unless `with_every_core`.
  std::unique_ptr<hal::Device> open_device(bool with_every_core = false);
  std::unique_ptr<hal::Device> open_device_named(const std::string& name,
                                                 bool with_every_core = false);
  const system::Backend& backend() const { return backend_; }
  uint32_t validation_messages() const { return validation_messages_; }

  /// "pumice WORDS --data DATA --device DEVICE", quoted for a shell; empty options are left out.
  std::string command(std::vector<std::string> words, const std::string& data) const;

  /// Prints a line on stdout: with --json the object (invalid UTF-8 replaced), otherwise the text.
  void print(const std::string& text, const nlohmann::json& object) const;
  /// Prints a line on stderr.
  void note(const std::string& text) const;
  /// A callback that forwards progress messages to note(). Must not outlive the session.
  Notify notifier() const {
    return [this](const std::string& text) { note(text); };
  }

 private:
  const system::Backend& backend_;
  std::atomic<uint32_t> validation_messages_ = 0;
};

/// Adds --device, --json and --validate, for every subcommand that computes.
void add_common_options(CLI::App& command, Session& session);
void add_seed_option(CLI::App& command, Session& session, const std::string& help);

/// Each adds its subcommand. `session` must outlive the parsing.
void add_train(CLI::App& app, Session& session);
void add_sample(CLI::App& app, Session& session);
void add_interpolate(CLI::App& app, Session& session);
void add_reconstruct(CLI::App& app, Session& session);
void add_evaluate(CLI::App& app, Session& session);
void add_export(CLI::App& app, Session& session);
void add_report(CLI::App& app, Session& session);
void add_sweep(CLI::App& app, Session& session);
void add_data(CLI::App& app, Session& session);
void add_models(CLI::App& app, Session& session);
void add_devices(CLI::App& app, Session& session);
void add_bench(CLI::App& app, Session& session);
void add_selftest(CLI::App& app, Session& session);
void add_serve(CLI::App& app, Session& session);  ///< only in builds with libmicrohttpd

}  // namespace pumice::commands
