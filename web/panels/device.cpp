#include "web/panels/device.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/drawing/layout.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr int kFrames = 31;

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
  if (timing.first > 0) {
    row("compilation and first decode", fmt::format("{:.1f} ms", timing.first));
  }
  if (size_t count = timing.decodes.count(); count > 0) {
    row("decode", fmt::format("{:.1f} ms (median of the last {})", timing.decodes.median(),
                              std::min<size_t>(count, 100)));
  } else {
    row("decode", "none yet after the first");
  }
  row("dispatches per decode", fmt::to_string(timing.dispatches));
}

}  // namespace

Panel::Explanation DevicePanel::explanation() const {
  return {"why two times?",
          "A decode is the model's own work for one image. A frame is what the browser needs to "
          "draw this page; without a graphics card it often takes longer than the decode."};
}

void DevicePanel::draw() {
  draw_choice();
  draw_measurement();
  if (!ImGui::BeginTable("device", 2, ImGuiTableFlags_RowBg)) return;
  ImGui::TableSetupColumn("title", ImGuiTableColumnFlags_WidthFixed, 230);
  device_rows(workspace_.device->limits(), workspace_.device_reason);
  limits_rows(workspace_.device->limits());
  timing_rows(workspace_.timing);
  if (frame_times_.count() > 0) {
    row("drawing a frame",
        fmt::format("{:.1f} ms (median of {})", frame_times_.median(), kFrames - 1));
  }
  const hal::MemoryUse memory = workspace_.device_memory();
  row("device memory", fmt::format("{:.1f} MB in {} buffers",
                                   static_cast<double>(memory.bytes) / 1e6, memory.buffers));
  ImGui::EndTable();
}

void DevicePanel::draw_measurement() {
  measure_frames();
  if (main_button("Measure 100 decodes")) {
    workspace_.timing.decodes = {};
    frame_times_ = {};
    decodes_left_ = 101;  // the first may compile
  }
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  ImGui::TextDisabled(decodes_left_ > 0 || frames_left_ > 0 ? "measuring …" : "one image each");
}

// Of frames that follow each other at once.
void DevicePanel::measure_frames() {
  const double now = page_now();
  if (frames_left_ > 0) {
    if (frames_left_ < kFrames) frame_times_.add(now - last_frame_);
    --frames_left_;
    workspace_.next_frame = 1;
    page_wake();
  }
  last_frame_ = now;
}

void DevicePanel::draw_choice() const {
  const bool is_webgpu = uses_webgpu(workspace_.device->limits());
  // Also for the one in use: the page may have chosen it only until WebGPU answers.
  if (ImGui::RadioButton("Graphics card (WebGPU)", is_webgpu)) page_choose_device(1);
  flow(110);
  if (ImGui::RadioButton("Processor", !is_webgpu)) page_choose_device(0);
}

// Of the mean, which every model has.
void DevicePanel::next_decode() {
  decoder_.request(std::vector<float>(workspace_.network().latent_size));
}

// Ensures that there are timings to show.
void DevicePanel::request() {
  if (workspace_.timing.batch == 0 && decodes_left_ == 0) decodes_left_ = 1;
  if (decodes_left_ > 0 && !decoder_.is_busy()) next_decode();
}

// The next decode begins at once, not after a frame, whose time it would include.
void DevicePanel::poll() {
  if (!decoder_.poll()) return;
  const bool was_measuring = decodes_left_ > 1 || workspace_.timing.decodes.count() > 0;
  decodes_left_ = std::max(0, decodes_left_ - 1);
  if (decodes_left_ > 0) return next_decode();
  if (was_measuring) frames_left_ = kFrames;
  page_wake();
}

}  // namespace pumice::web
