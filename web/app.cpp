#include "web/app.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/browser.h"
#include "web/panels/device.h"
#include "web/panels/encode.h"
#include "web/panels/explore.h"
#include "web/panels/interpolate.h"
#include "web/panels/model_card.h"
#include "web/panels/sample.h"

namespace pumice::web {
namespace {

constexpr float kSidebarWidth = 300;
constexpr float kNarrow = 760;         // windows below this get the sidebar as a tab
constexpr double kPublishEvery = 500;  // ms: browsers refuse to change the address more often

}  // namespace

void App::draw() {
  ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos(ImVec2(0, 0));
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("page", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoBringToFrontOnFocus);
  take_shortcuts();
  draw_message();
  draw_help();
  const bool narrow = size.x < kNarrow;
  if (!narrow) {
    ImGui::BeginChild("models", ImVec2(kSidebarWidth, 0));
    draw_models();
    ImGui::EndChild();
    ImGui::SameLine();
  }
  ImGui::BeginChild("tabs");
  draw_tabs(narrow);
  ImGui::EndChild();
  ImGui::End();
  publish_link();
}

void App::draw_message() {
  if (message_.empty()) return;
  ImGui::PushStyleColor(ImGuiCol_Text, ImVec4(1, 0.75f, 0.4f, 1));
  ImGui::TextWrapped("%s", message_.c_str());
  ImGui::PopStyleColor();
  if (ImGui::SmallButton("Close")) message_.clear();
  ImGui::Separator();
}

void App::take_shortcuts() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return;
  for (ImWchar key : io.InputQueueCharacters) {
    if (key == '?') shows_help_ = !shows_help_;
    if (key == 'r') ++workspace_.seed;
    if (key == '0') workspace_.latent.assign(workspace_.latent.size(), 0);
    if (key >= '1' && key < '1' + static_cast<int>(panels_.size())) {
      wanted_tab_ = panels_[key - '1']->name();
    }
  }
}

void App::draw_help() {
  if (!shows_help_) return;
  ImGui::SetNextWindowFocus();
  ImGui::SetNextWindowPos(ImVec2(40, 60), ImGuiCond_Appearing);
  ImGui::Begin("Help", &shows_help_, ImGuiWindowFlags_AlwaysAutoResize);
  ImGui::TextUnformatted(
      "1 2 3 4 5    the tabs\n"
      "r            resample: the next seed\n"
      "0            the explored point to the middle\n"
      "?            this help\n\n"
      "Drop a .safetensors checkpoint on the page to open it.\n"
      "Control and a click on a slider: type a number.\n"
      "The address is a link to what is shown.");
  ImGui::End();
}

void App::draw_models() {
  ImGui::SeparatorText("Pumice");
  ImGui::TextWrapped("Drop a .safetensors checkpoint anywhere on this page.");
  if (ImGui::SmallButton("Help (?)")) shows_help_ = !shows_help_;
  for (const Offer& offer : offers_) {
    bool is_open = model_ && model_->name() == offer.name;
    if (ImGui::Selectable(offer.name.c_str(), is_open)) page_fetch_model(offer.file.c_str());
  }
  if (model_) draw_model_card(*model_);
}

void App::draw_tabs(bool with_models) {
  if (!ImGui::BeginTabBar("tabs")) return;
  if (with_models && ImGui::BeginTabItem("Model")) {
    draw_models();
    ImGui::EndTabItem();
  }
  for (const std::unique_ptr<Panel>& panel : panels_) {
    bool wanted = wanted_tab_ == panel->name();
    if (!ImGui::BeginTabItem(panel->name(), nullptr, wanted ? ImGuiTabItemFlags_SetSelected : 0)) {
      continue;
    }
    if (wanted) wanted_tab_.clear();
    tab_ = panel->name();
    panel->draw();
    ImGui::EndTabItem();
  }
  ImGui::EndTabBar();
  if (panels_.empty() && !with_models) ImGui::TextDisabled("No model is open.");
}

void App::poll() {
  for (const std::unique_ptr<Panel>& panel : panels_) panel->poll();
}

void App::offer_model(const std::string& name, const std::string& file) {
  offers_.push_back({name, file});
  bool is_linked = link_waits_ && link_.model == name;
  bool is_first = offers_.size() == 1 && (!link_waits_ || link_.model.empty());
  if (is_linked || is_first) page_fetch_model(file.c_str());
}

void App::open(const std::string& name, std::vector<std::byte> file) {
  auto model = std::make_unique<Model>(device_.get(), name, std::move(file));
  panels_.clear();
  model_ = std::move(model);
  workspace_ = {.device = device_.get(), .vae = &model_->vae(), .model = name};
  if (!device_) return;
  message_.clear();
  apply_link();
  make_panels();
}

void App::make_panels() {
  workspace_.latent.resize(workspace_.network().latent_size);
  panels_.push_back(std::make_unique<SamplePanel>(workspace_));
  panels_.push_back(std::make_unique<ExplorePanel>(workspace_));
  panels_.push_back(std::make_unique<InterpolatePanel>(workspace_));
  panels_.push_back(std::make_unique<EncodePanel>(workspace_));
  panels_.push_back(std::make_unique<DevicePanel>(workspace_));
}

void App::restore(const Permalink& link) {
  link_ = link;
  link_waits_ = true;
}

void App::apply_link() {
  wanted_tab_ = tab_.empty() ? "Sample" : tab_;
  if (!std::exchange(link_waits_, false)) return;
  if (!link_.model.empty() && link_.model != workspace_.model) return;
  workspace_.seed = link_.seed;
  workspace_.truncation = link_.truncation;
  if (link_.latent.size() == workspace_.network().latent_size) workspace_.latent = link_.latent;
  if (!link_.tab.empty()) wanted_tab_ = link_.tab;
}

void App::publish_link() {
  if (panels_.empty() || page_now() - published_at_ < kPublishEvery) return;
  std::string lines = permalink_to_lines({.model = workspace_.model,
                                          .tab = tab_,
                                          .seed = workspace_.seed,
                                          .truncation = workspace_.truncation,
                                          .latent = workspace_.latent});
  if (lines == published_) return;
  page_set_permalink(lines.c_str());
  published_ = lines;
  published_at_ = page_now();
}

}  // namespace pumice::web
