#include "web/panels/device.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/drawing/layout.h"
#include "web/drawing/table.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr int kFrames = 31;

std::string mebibytes(uint64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

void add_device(Rows& rows, const hal::Limits& limits, const std::string& reason) {
  if (uses_webgpu(limits)) {
    rows.push_back({"adapter", limits.device_name});
    rows.push_back({"kind", limits.type == hal::DeviceType::kCpu ? "software" : "hardware"});
  } else {
    const std::string threads =
        limits.threads > 1 ? fmt::format("{} threads", limits.threads) : "one thread";
    rows.push_back({"processor", threads + " of " + limits.device_name});
  }
  if (!reason.empty()) rows.push_back({"why", reason});
}

void add_limits(Rows& rows, const hal::Limits& limits) {
  rows.push_back({"one buffer", mebibytes(limits.max_buffer_bytes)});
  if (!uses_webgpu(limits)) return;  // which has hardly any limits
  rows.push_back({"one binding", mebibytes(limits.max_binding_bytes)});
  rows.push_back({"bindings", fmt::to_string(limits.max_bindings)});
  rows.push_back({"threads per group", fmt::to_string(limits.max_group_threads)});
  rows.push_back({"groups per axis", fmt::to_string(limits.max_groups)});
  rows.push_back({"shared memory", fmt::format("{} KiB", limits.max_shared_bytes >> 10)});
}

void add_timing(Rows& rows, const Timing& timing) {
  if (timing.batch == 0) return;
  rows.push_back({"images per decode", fmt::to_string(timing.batch)});
  if (timing.first > 0) {
    rows.push_back({"compilation and first decode", fmt::format("{:.1f} ms", timing.first)});
  }
  if (size_t count = timing.decodes.count(); count > 0) {
    rows.push_back({"decode", fmt::format("{:.1f} ms (median of the last {})",
                                          timing.decodes.median(), std::min<size_t>(count, 100))});
  } else {
    rows.push_back({"decode", "none yet after the first"});
  }
  rows.push_back({"dispatches per decode", fmt::to_string(timing.dispatches)});
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
  Rows rows;
  add_device(rows, workspace_.device->limits(), workspace_.device_reason);
  add_limits(rows, workspace_.device->limits());
  add_timing(rows, workspace_.timing);
  if (frame_times_.count() > 0) {
    rows.push_back({"drawing a frame",
                    fmt::format("{:.1f} ms (median of {})", frame_times_.median(), kFrames - 1)});
  }
  const hal::MemoryUse memory = workspace_.device_memory();
  rows.push_back(
      {"device memory", fmt::format("{:.1f} MB in {} buffers",
                                    static_cast<double>(memory.bytes) / 1e6, memory.buffers)});
  draw_table("device", rows);
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
