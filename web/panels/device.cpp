#include "web/panels/device.h"

#include <fmt/format.h>
#include <imgui.h>

namespace pumice::web {
namespace {

void row(const char* title, const std::string& value) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::TextDisabled("%s", title);
  ImGui::TableNextColumn();
  ImGui::TextWrapped("%s", value.c_str());
}

std::string mebibytes(uint64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

void limits_rows(const hal::Limits& limits) {
  row("adapter", limits.device_name);
  row("kind", limits.type == hal::DeviceType::kCpu ? "software" : "hardware");
  row("one binding", mebibytes(limits.max_binding_bytes));
  row("one buffer", mebibytes(limits.max_buffer_bytes));
  row("bindings", fmt::to_string(limits.max_bindings));
  row("threads in a group", fmt::to_string(limits.max_group_threads));
  row("shared memory", fmt::format("{} KiB", limits.max_shared_bytes >> 10));
}

}  // namespace

void DevicePanel::draw() {
  if (!ImGui::BeginTable("device", 2, ImGuiTableFlags_RowBg)) return;
  ImGui::TableSetupColumn("title", ImGuiTableColumnFlags_WidthFixed, 170);
  limits_rows(workspace_.device->limits());
  const Statistics& statistics = workspace_.statistics;
  if (statistics.count() > 0) {
    row("decode", fmt::format("{:.1f} ms (median of the last {})", statistics.median(),
                              std::min<size_t>(statistics.count(), 100)));
    row("dispatches of a decode", fmt::to_string(workspace_.dispatches));
  }
  row("decodes", fmt::to_string(statistics.count()));
  row("frames a second", fmt::format("{:.0f}", ImGui::GetIO().Framerate));
  ImGui::EndTable();
}

}  // namespace pumice::web
