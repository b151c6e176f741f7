#include "native/commands/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>

#include "engine/base/count_of.h"
#include "engine/base/version.h"
#include "native/commands/session.h"
#include "native/system/interrupts.h"
#include "native/system/print.h"
#include "native/system/shell.h"

namespace pumice::commands {
namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;

int complain(const Session& session, std::string message, int code) {
  if (session.quiet) return code;
  std::replace(message.begin(), message.end(), '\n', ' ');
  system::print(stderr, fmt::format("pumice: {}\n", message));
  return code;
}

void describe(CLI::App& app, Session& session) {
  app.description("Trains small generative models on any GPU, by Vulkan, and on the processor.");
  app.set_version_flag("--version", fmt::format("pumice {}", version()));
  app.require_subcommand(1);
  app.footer("Example:\n  pumice train vae-mlp-mnist --epochs 3");
  add_train(app, session);
  add_sweep(app, session);
  add_sample(app, session);
  add_interpolate(app, session);
  add_reconstruct(app, session);
  add_evaluate(app, session);
  add_export(app, session);
  add_report(app, session);
  add_data(app, session);
  add_models(app, session);
  add_devices(app, session);
  add_bench(app, session);
  add_selftest(app, session);
#ifdef PUMICE_SERVE
  add_serve(app, session);
#endif
}

std::string text_of(int argc, const char* const* argv) {
  std::vector<std::string> words{"pumice"};
  words.insert(words.end(), argv + std::min(argc, 1), argv + argc);
  return system::shell_command(words);
}

// CLI11 reports help and version as errors too; it prints those itself.
int parse_and_run(CLI::App& app, const Session& session, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return complain(session, fmt::format("{} (see pumice --help)", error.what()), kUsage);
  }
  return 0;
}

int run_guarded(CLI::App& app, Session& session, int argc, const char* const* argv) {
  try {
    int code = parse_and_run(app, session, argc, argv);
    return code != 0 ? code : session.exit_code;
  } catch (const UsageError& error) {
    return complain(session, error.what(), kUsage);
  } catch (const system::Interrupted& interrupted) {
    return complain(session, interrupted.what(), system::interrupted_exit_code());
  } catch (const std::bad_alloc&) {
    return complain(session, "out of memory", kFailure);
  } catch (const std::exception& error) {
    return complain(session, error.what(), kFailure);
  }
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const system::Backend& backend) {
  CLI::App app;
  Session session(backend);
  if (argc > 0) session.program = argv[0];
  session.command_line = text_of(argc, argv);
  describe(app, session);
  int code = run_guarded(app, session, argc, argv);
  const bool may_print = !system::is_interrupted_exit_code(code);  // the terminal may be closed
  if (may_print && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) {
    return complain(session, "cannot write to the standard output", kFailure);
  }
  if (code == 0 && session.validation_messages() > 0) {
    return complain(session, count_of(session.validation_messages(), "validation message"),
                    kFailure);
  }
  return code;
}

}  // namespace pumice::commands
