#include "native/commands/kernel_choices.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

namespace pumice::commands {

void add_tune_option(CLI::App& command, std::string& tune) {
  command
      .add_option("--tune", tune,
                  "Choose the kernels of products and convolutions by measuring them: auto "
                  "(remembers what it measured; default on GPUs), redo (measures again), or off "
                  "(fixed rules; default elsewhere)")
      ->type_name("HOW")
      ->check(CLI::IsMember({"off", "auto", "redo"}));
}

std::shared_ptr<hal::Tuning> choose_kernels(hal::Device& device, const std::string& tune,
                                            const std::function<hal::Tuning::Wanted()>& shapes,
                                            const Session& session) {
  const TuneMode mode = tune.empty() ? default_tune_mode(device.limits()) : tune_mode_named(tune);
  if (mode == TuneMode::kOff) return nullptr;
  return tune_kernels(device, shapes(),
                      {.mode = mode, .notify = session.notifier(), .measure = {}});
}

}  // namespace pumice::commands
