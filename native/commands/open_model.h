#pragma once

#include <memory>

#include "native/commands/session.h"
#include "native/run/model.h"

namespace pumice::commands {

/// A trained model on a device.
struct OpenModel {
  std::unique_ptr<hal::Device> device;
  std::unique_ptr<Model> model;
};

/// Opens what RUN on the command line means: a run's folder, or a checkpoint.
OpenModel open_model(Session& session, const std::string& run);

void add_run_option(CLI::App& command, std::string& run);
void add_out_option(CLI::App& command, std::string& out);
void add_data_option(CLI::App& command, std::string& data);

}  // namespace pumice::commands
