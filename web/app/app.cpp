#include "web/app/app.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "web/app/help.h"
#include "web/drawing/font.h"
#include "web/drawing/layout.h"
#include "web/drawing/requests.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/panels/bench.h"
#include "web/panels/compare.h"
#include "web/panels/device.h"
#include "web/panels/encode.h"
#include "web/panels/explore.h"
#include "web/panels/interpolate.h"
#include "web/panels/map.h"
#include "web/panels/sample.h"

namespace pumice::web {
namespace {

constexpr float kSidebarWidth = 300;
}  // namespace

void App::draw() {
  workspace_.next_frame = tour_.next_frame();
  const bool narrow = is_narrow();
  ImGui::SetNextWindowPos(ImVec2(0, 0));
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  if (narrow) ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(10, 6));
  ImGui::Begin("page", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoBackground);  // the canvas is cleared anyway
  ImGui::PopStyleVar(narrow ? 2 : 1);
  take_shortcuts();
  draw_message();
  draw_tour();
  if (!narrow) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, card_color());
    ImGui::BeginChild("models", ImVec2(kSidebarWidth, 0), ImGuiChildFlags_Border);
    ImGui::PopStyleColor();
    draw_sidebar();
    ImGui::EndChild();
    ImGui::SameLine(0, 20);
  }
  ImGui::BeginChild("tabs");
  draw_tabs(narrow);
  ImGui::EndChild();
  ImGui::End();
  if (draw_help(shows_help_)) tour_.begin();
  take_wishes();
  publish_link();
}

void App::draw_tour() {
  std::vector<std::string> tabs;
  for (const std::unique_ptr<Panel>& panel : panels_) tabs.emplace_back(panel->name());
  if (const char* tab = tour_.draw(tabs)) wanted_tab_ = tab;
}

// What panels want, once all of the frame is drawn.
void App::take_wishes() {
  if (!workspace_.wanted_tab.empty()) wanted_tab_ = std::exchange(workspace_.wanted_tab, {});
  if (workspace_.wanted_label) take_class(*std::exchange(workspace_.wanted_label, std::nullopt));
  if (panels_.empty() || followed_seed_ == workspace_.seed) return;
  // The explored point is where the seed begins until the user moves it.
  const bool is_beginning = workspace_.latent == workspace_.beginning_of(followed_seed_);
  if (is_beginning) workspace_.latent = workspace_.beginning_of(workspace_.seed);
  followed_seed_ = workspace_.seed;
}

void App::request() {
  if (shown_panel_ && is_settled()) shown_panel_->request();
}

double App::wait_for_image() const {
  constexpr double kMost = 50;
  const bool is_software =
      device_ && uses_webgpu(device_->limits()) && device_->limits().type == hal::DeviceType::kCpu;
  if (!is_software || workspace_.asked < 0) return 0;
  return std::max(0.0, workspace_.asked + kMost - page_now());
}

void App::poll() {
  if (workspace_.device_is_lost) return;
  for (const std::unique_ptr<Panel>& panel : panels_) panel->poll();
}

void App::take_shortcuts() {
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsKeyPressed(ImGuiKey_Escape)) {
    shows_help_ = false;
    tour_.skip();
    close_popups();
  }
  take_undo_keys();
  for (ImWchar key : io.InputQueueCharacters) {
    if (key == '?') shows_help_ = !shows_help_;
    if (key == 'r') ++workspace_.seed;
    if (key == '0') workspace_.latent.assign(workspace_.latent.size(), 0);
    if (key >= '1' && key < '1' + static_cast<int>(panels_.size())) {
      wanted_tab_ = panels_[key - '1']->name();
    }
  }
}

void App::take_undo_keys() {
  const ImGuiIO& io = ImGui::GetIO();
  if (shown_panel_ == nullptr || !(io.KeyCtrl || io.KeySuper)) return;
  const bool is_z = ImGui::IsKeyPressed(ImGuiKey_Z);
  if (is_z && !io.KeyShift) shown_panel_->undo();
  if ((is_z && io.KeyShift) || ImGui::IsKeyPressed(ImGuiKey_Y)) shown_panel_->redo();
}

void App::draw_sidebar() {
  if (sidebar_.draw(device_title(), model_.get())) shows_help_ = !shows_help_;
}

// Limits it to the model's classes.
void App::take_class(uint32_t label) {
  const uint32_t classes = workspace_.network().classes;
  label = classes == 0 ? 0 : std::min(label, classes - 1);
  if (std::exchange(workspace_.label, label) != label) decode_anew();
}

void App::decode_anew() {
  for (const std::unique_ptr<Panel>& panel : panels_) panel->decode_anew();
}

void App::draw_emptiness() const {
  if (sidebar_.is_loading()) return;
  text(TextStyle::kHeading, "No model is open");
  quiet_text("Choose one on the left, or drop the checkpoint.safetensors that pumice train wrote.");
}

void App::offer_model(const std::string& name, const std::string& file) {
  want_letters(name);
  sidebar_.offer({name, file});
  offer_comparison();
  bool is_linked = link_waits_ && link_.model == name;
  bool is_first = sidebar_.offers().size() == 1 && (!link_waits_ || link_.model.empty());
  if (is_linked || is_first) page_fetch_model(file.c_str());
  page_wake();
}

void App::end_offers() {
  if (!link_waits_ || link_.model.empty() || (model_ && model_->name() == link_.model)) return;
  bool is_offered = std::ranges::any_of(
      sidebar_.offers(), [&](const Offer& offer) { return offer.name == link_.model; });
  if (is_offered) return;
  say(fmt::format(
      "The address asks for the model '{}', which is not available here. Drop its checkpoint.",
      link_.model));
}

void App::open(const std::string& name, std::vector<std::byte> file) {
  require(!workspace_.device_is_lost, "{}: the device is lost. Press Reconnect first.", name);
  auto model = std::make_unique<Model>(*device_, name, std::move(file));
  shown_panel_ = nullptr;
  remember_model();
  panels_.clear();
  encode_panel_ = nullptr;
  compare_panel_ = nullptr;
  model_ = std::move(model);
  want_letters(name);
  for (const std::string& each : model_->training().class_names) want_letters(each);
  workspace_ = {.device = device_.get(),
                .device_reason = device_reason_,
                .device_memory = device_memory_,
                .networks = &model_->networks(),
                .offers = &sidebar_.offers(),
                .sampling = models::default_sampling(model_->networks().family()),
                .model = name,
                .first_latent = model_->first_latent(),
                .map = model_->map(),
                .directions = model_->directions()};
  for (uint32_t label = 0; label < workspace_.network().classes; ++label) {
    workspace_.class_titles.push_back(model_->class_title(label));
  }
  page_wake();
  apply_link();
  make_panels();
}

void App::make_panels() {
  workspace_.latent.resize(workspace_.network().latent_size);
  panels_.push_back(std::make_unique<SamplePanel>(workspace_));
  panels_.push_back(std::make_unique<ExplorePanel>(workspace_));
  panels_.push_back(std::make_unique<MapPanel>(workspace_));
  panels_.push_back(std::make_unique<InterpolatePanel>(workspace_));
  if (model_->has_encoder()) {
    auto panel = std::make_unique<EncodePanel>(workspace_);
    encode_panel_ = panel.get();
    panels_.push_back(std::move(panel));
  }
  panels_.push_back(std::make_unique<DevicePanel>(workspace_));
  panels_.push_back(std::make_unique<BenchPanel>(workspace_, bench_));
  offer_comparison();
}

// Before the device's tabs, as soon as there is another model: offers may arrive after a dropped
// file.
void App::offer_comparison() {
  if (panels_.empty() || compare_panel_) return;
  const bool has_others = std::ranges::any_of(
      sidebar_.offers(), [&](const Offer& offer) { return offer.name != workspace_.model; });
  if (!has_others) return;
  auto panel = std::make_unique<ComparePanel>(workspace_);
  compare_panel_ = panel.get();
  panels_.insert(panels_.end() - 2, std::move(panel));
  if (wanted_tab_.empty()) wanted_tab_ = tab_;
}

void App::set_loading_beside(double received, double total) {
  if (compare_panel_) compare_panel_->set_loading(received, total);
}

void App::open_beside(const std::string& name, std::vector<std::byte> file) {
  if (compare_panel_ == nullptr || name != workspace_.beside || workspace_.device_is_lost) return;
  compare_panel_->take(std::make_unique<Model>(*device_, name, std::move(file)));
}

std::optional<Shape> App::wanted_image(const std::string& file_name) {
  if (encode_panel_) return workspace_.network().image;
  say(fmt::format("{}: {}", file_name,
                  panels_.empty() ? "open a model first; then it can encode images."
                                  : "the open model only generates images: it has no encoder. "
                                    "Open a VAE."));
  return std::nullopt;
}

void App::take_image(const std::string& file_name, std::vector<float> values) {
  if (!encode_panel_) return;
  want_letters(file_name);
  encode_panel_->take_image(file_name, std::move(values));
  wanted_tab_ = encode_panel_->name();
  page_wake();
}

}  // namespace pumice::web
