#include "native/report/devices.h"

#include "native/report/table.h"

namespace pumice::report {
namespace {

std::string memory_text(uint64_t bytes) {
  return bytes == 0 ? "-" : fmt::format("{:.1f} GiB", double(bytes) / double(1ull << 30));
}

}  // namespace

std::string_view type_name(hal::DeviceType type) {
  switch (type) {
    case hal::DeviceType::kDiscreteGpu:
      return "discrete";
    case hal::DeviceType::kIntegratedGpu:
      return "integrated";
    case hal::DeviceType::kVirtualGpu:
      return "virtual";
    case hal::DeviceType::kCpu:
      return "cpu";
    case hal::DeviceType::kOther:
      break;
  }
  return "other";
}

std::string device_line(const hal::Limits& limits) {
  return fmt::format("{}, {}, {}, {}", limits.device_name, type_name(limits.type), limits.driver,
                     limits.api);
}

std::string device_table(std::span<const DeviceRow> rows) {
  Table table({"index", "type", "memory", "api", "name", "driver"});
  for (const DeviceRow& row : rows) {
    table.add({fmt::to_string(row.index), std::string(type_name(row.limits.type)),
               memory_text(row.limits.memory_bytes), row.limits.api, row.limits.device_name,
               row.limits.driver});
  }
  std::string text = table.text();
  for (const DeviceRow& row : rows) {
    if (row.rejected.empty()) continue;
    text += fmt::format("\n{} cannot be used: {}", row.index, row.rejected);
  }
  return text;
}

}  // namespace pumice::report
