#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/commands/session.h"

namespace pumice::commands {

struct MemoryOptions {
  std::vector<std::string> recipes;
  std::string data;               ///< --data; may be empty
  std::optional<uint32_t> batch;  ///< instead of the recipes' own
};

/// Prints the memory that training each recipe needs on the device, which allocates none of it.
/// Data that is not on this machine is left out. Throws Error as training would.
void show_memory(const MemoryOptions& options, Session& session);

}  // namespace pumice::commands
