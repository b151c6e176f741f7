// The part of App that reports problems and recovers from a lost device.
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/app/app.h"
#include "web/drawing/font.h"
#include "web/drawing/layout.h"
#include "web/drawing/theme.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr size_t kMostMessages = 4;

}  // namespace

// A message that is repeated, for example by every frame, is shown once.
void App::say(const std::string& message) {
  if (std::ranges::find(messages_, message) != messages_.end()) return;
  want_letters(message);
  messages_.push_back(message);
  if (messages_.size() > kMostMessages) messages_.erase(messages_.begin());
  page_wake();
}

void App::quiet() {
  messages_.clear();
  page_wake();
}

std::string App::message() const {
  std::string all = trouble_;
  for (const std::string& message : messages_) all += (all.empty() ? "" : "\n") + message;
  return all;
}

void App::draw_message() {
  const std::string text = message();
  if (text.empty()) return;
  ImGui::PushStyleColor(ImGuiCol_Text, warning_color());
  ImGui::TextWrapped("%s", text.c_str());
  ImGui::PopStyleColor();
  if (workspace_.device_is_lost) {
    if (ImGui::Button("Reconnect")) page_reconnect();
    if (flow_button("Use the processor")) page_choose_device(0);
    if (!messages_.empty()) ImGui::SameLine();
  }
  if ((!messages_.empty() || !workspace_.device_is_lost) && ImGui::Button("Close")) {
    messages_.clear();
    if (!workspace_.device_is_lost) trouble_.clear();
  }
  ImGui::Separator();
}

void App::miss_device(const std::string& message) {
  trouble_ = message;
  page_wake();
}

void App::lose_device(const std::string& reason) {
  workspace_.device_is_lost = true;
  trouble_ = fmt::format(
      "The graphics device was lost: {}{} What is shown stays, but there are no new images: "
      "press "
      "Reconnect, or let the processor compute.",
      reason, reason.ends_with('.') ? "" : ".");
  page_wake();
}

void App::replace_device(const std::function<std::unique_ptr<hal::Device>()>& open_device,
                         std::string reason) {
  if (model_) {
    restore(current_link());
    link_waits_ = true;
  }
  shown_panel_ = nullptr;
  encode_panel_ = nullptr;
  compare_panel_ = nullptr;
  panels_.clear();
  model_.reset();
  workspace_ = {};
  device_.reset();
  trouble_.clear();
  messages_.clear();
  page_wake();
  device_reason_ = std::move(reason);
  device_ = open_device();
}

void App::explain_device(std::string reason) {
  device_reason_ = std::move(reason);
  page_wake();
}

std::string App::device_title() const {
  if (!device_) return "";
  const hal::Limits& limits = device_->limits();
  if (!uses_webgpu(limits)) return "Computed by the processor";
  return limits.type == hal::DeviceType::kCpu ? "Computed by WebGPU in software"
                                              : "Computed by the graphics card";
}

}  // namespace pumice::web
