#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/table.h"
#include "engine/hal/device_type_name.h"
#include "native/commands/session.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

json to_json(const hal::DeviceInfo& row) {
  json object{{"index", row.index},
              {"name", row.limits.device_name},
              {"type", hal::type_name(row.limits.type)},
              {"driver", row.limits.driver},
              {"api", row.limits.api},
              {"memory_bytes", row.limits.memory_bytes},
              {"usable", row.usable()}};
  if (!row.rejected.empty()) object["rejected"] = row.rejected;
  return object;
}

std::string memory_text(uint64_t bytes) {
  return bytes == 0 ? "-" : fmt::format("{:.1f} GiB", double(bytes) / double(1ull << 30));
}

/// A row for each device; below, why some cannot be used.
std::string to_text(const std::vector<hal::DeviceInfo>& rows) {
  Table table({"index", "type", "memory", "api", "name", "driver"});
  for (const hal::DeviceInfo& row : rows) {
    table.add({fmt::to_string(row.index), std::string(hal::type_name(row.limits.type)),
               memory_text(row.limits.memory_bytes), row.limits.api, row.limits.device_name,
               row.limits.driver});
  }
  std::string text = table.text();
  for (const hal::DeviceInfo& row : rows) {
    if (row.rejected.empty()) continue;
    text += fmt::format("\n{} cannot be used: {}", row.index, row.rejected);
  }
  return text;
}

// With --device: only the matching one.
std::vector<hal::DeviceInfo> wanted_rows(Session& session) {
  std::vector<hal::DeviceInfo> rows = session.backend().list();
  if (session.device.empty()) return rows;
  const hal::Limits chosen = session.open_device()->limits();
  std::erase_if(rows, [&](const hal::DeviceInfo& row) {
    return row.limits.device_name != chosen.device_name || row.limits.driver != chosen.driver;
  });
  return rows;
}

void list_devices(Session& session) {
  const std::vector<hal::DeviceInfo> rows = wanted_rows(session);
  json array = json::array();
  for (const hal::DeviceInfo& row : rows) array.push_back(to_json(row));
  session.print(to_text(rows), {{"devices", array}});
}

}  // namespace

void add_devices(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "devices", "Lists the devices of this machine, best first, and why some cannot be used.");
  command->footer(
      "The device 'C++' is this processor, without a driver. It uses as many threads as the "
      "process may run on and the best instruction set; PUMICE_CPU_THREADS=N and "
      "PUMICE_CPU_INSTRUCTIONS=NAME in the environment choose others.\n\n"
      "Example:\n  pumice devices --json");
  add_common_options(*command, session);
  command->callback([&session] { list_devices(session); });
}

}  // namespace pumice::commands
