#include "web/panels/device.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/drawing/layout.h"
#include "web/page/browser.h"

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

void device_rows(const hal::Limits& limits, const std::string& reason) {
  if (uses_webgpu(limits)) {
    row("adapter", limits.device_name);
    row("kind", limits.type == hal::DeviceType::kCpu ? "software" : "hardware");
  } else {
    row("processor", "one thread of " + limits.device_name);
  }
  if (!reason.empty()) row("why", reason);
}

void limits_rows(const hal::Limits& limits) {
  row("one buffer", mebibytes(limits.max_buffer_bytes));
  if (!uses_webgpu(limits)) return;  // which has hardly any limits
  row("one binding", mebibytes(limits.max_binding_bytes));
  row("bindings", fmt::to_string(limits.max_bindings));
  row("threads per group", fmt::to_string(limits.max_group_threads));
  row("groups per axis", fmt::to_string(limits.max_groups));
  row("shared memory", fmt::format("{} KiB", limits.max_shared_bytes >> 10));
}

void timing_rows(const Timing& timing) {
  if (timing.batch == 0) return;
  row("images per decode", fmt::to_string(timing.batch));
  row("compilation and first decode", fmt::format("{:.1f} ms", timing.first));
  if (size_t count = timing.decodes.count(); count > 0) {
    row("decode", fmt::format("{:.1f} ms (median of the last {})", timing.decodes.median(),
                              std::min<size_t>(count, 100)));
  } else {
    row("decode", "none yet after the first");
  }
  row("dispatches per decode", fmt::to_string(timing.dispatches));
}

}  // namespace

void DevicePanel::draw() {
  draw_choice();
  if (!ImGui::BeginTable("device", 2, ImGuiTableFlags_RowBg)) return;
  ImGui::TableSetupColumn("title", ImGuiTableColumnFlags_WidthFixed, 190);
  device_rows(workspace_.device->limits(), workspace_.device_reason);
  limits_rows(workspace_.device->limits());
  timing_rows(workspace_.timing);
  frames_.add(page_now());
  row("frames in the last second",
      fmt::format("{} (drawn only when something changes)", frames_.above(page_now() - 1000)));
  const hal::MemoryUse memory = workspace_.device_memory();
  row("device memory", fmt::format("{:.1f} MB in {} buffers",
                                   static_cast<double>(memory.bytes) / 1e6, memory.buffers));
  ImGui::EndTable();
  if (ImGui::Button("Measure 100 decodes")) decodes_left_ = 100;
}

void DevicePanel::draw_choice() const {
  const bool is_webgpu = uses_webgpu(workspace_.device->limits());
  // Also for the one in use: the page may have chosen it only until WebGPU answers.
  if (ImGui::RadioButton("Graphics card (WebGPU)", is_webgpu)) page_choose_device(1);
  flow(110);
  if (ImGui::RadioButton("Processor", !is_webgpu)) page_choose_device(0);
}

// Ensures that there are timings to show.
void DevicePanel::request() {
  if (workspace_.timing.batch == 0 && decodes_left_ == 0) decodes_left_ = 1;
  if (decodes_left_ > 0 && !decoder_.is_busy()) decoder_.request(workspace_.latent);
}

void DevicePanel::poll() {
  if (decoder_.poll()) decodes_left_ = std::max(0, decodes_left_ - 1);
}

}  // namespace pumice::web
