#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "native/commands/session.h"
#include "native/report/devices.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

json to_json(const DeviceRow& row) {
  json object{{"index", row.index},
              {"name", row.limits.device_name},
              {"type", report::type_name(row.limits.type)},
              {"driver", row.limits.driver},
              {"api", row.limits.api},
              {"memory_bytes", row.limits.memory_bytes},
              {"usable", row.rejected.empty()}};
  if (!row.rejected.empty()) object["rejected"] = row.rejected;
  return object;
}

// With --device: only the one that it means.
std::vector<DeviceRow> wanted_rows(Session& session) {
  std::vector<DeviceRow> rows = session.backend().list();
  if (session.device.empty()) return rows;
  const hal::Limits chosen = session.open_device()->limits();
  std::erase_if(rows, [&](const DeviceRow& row) {
    return row.limits.device_name != chosen.device_name || row.limits.driver != chosen.driver;
  });
  return rows;
}

void list_devices(Session& session) {
  const std::vector<DeviceRow> rows = wanted_rows(session);
  json array = json::array();
  for (const DeviceRow& row : rows) array.push_back(to_json(row));
  session.print(report::device_table(rows), {{"devices", array}});
}

}  // namespace

void add_devices(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "devices", "Lists the devices of this machine, best first, and why some cannot be used.");
  command->footer("Example:\n  pumice devices --json");
  add_common_options(*command, session);
  command->callback([&session] { list_devices(session); });
}

}  // namespace pumice::commands
