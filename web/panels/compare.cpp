#include "web/panels/compare.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <utility>

#include "web/drawing/layout.h"
#include "web/drawing/widgets.h"

namespace pumice::web {
namespace {

constexpr float kCompareGap = 24;
constexpr float kSamplesShare = 0.5f;  // the height of the samples, relative to the image's

}  // namespace

Panel::Explanation ComparePanel::explanation() const {
  return {"what is the same?",
          "Both models decode the same numbers. Runs that began alike, such as one after 1 and "
          "after 10 epochs, give them similar meanings; models that were trained apart do not.\n\n"
          "If the models have latents of different sizes, they share only the seed."};
}

void ComparePanel::draw() {
  // An address may have named this very model, or none.
  if (workspace_.beside == workspace_.model) workspace_.beside.clear();
  if (other_ && other_->model() != workspace_.beside) other_.reset();
  draw_choice();
  draw_class();
  flow(button_width("Resample"));
  if (main_button("Resample")) ++workspace_.seed;
  follow();
  draw_sides();
}

void ComparePanel::draw_choice() {
  ImGui::SetNextItemWidth(std::min(260.0f, 0.6f * ImGui::GetContentRegionAvail().x));
  const std::string& chosen = workspace_.beside;
  if (ImGui::BeginCombo("other model", chosen.empty() ? "choose a model" : chosen.c_str())) {
    for (const Offer& offer : *workspace_.offers) {
      if (offer.name == workspace_.model) continue;
      if (!ImGui::Selectable(offer.name.c_str(), offer.name == chosen)) continue;
      workspace_.beside = offer.name;
      if (!other_) fetched_.clear();  // it could not be fetched before
    }
    ImGui::EndCombo();
  }
}

// Of the other model, if the open one has no classes: it follows the open one otherwise.
void ComparePanel::draw_class() {
  const bool is_needed =
      other_ && model_->networks().description().classes() > 0 && workspace_.network().classes == 0;
  if (!is_needed) return;
  flow(260);
  ImGui::SetNextItemWidth(140);
  const std::string title = model_->class_title(workspace_.beside_label);
  if (!ImGui::BeginCombo("its class", title.c_str())) return;
  for (uint32_t label = 0; label < other_workspace_.network().classes; ++label) {
    const bool is_chosen = label == workspace_.beside_label;
    if (ImGui::Selectable(model_->class_title(label).c_str(), is_chosen)) {
      workspace_.beside_label = label;
    }
  }
  ImGui::EndCombo();
}

void ComparePanel::draw_loading() {
  ImGui::BeginGroup();
  quiet_text("Loading " + workspace_.beside);
  progress_bar(received_, total_, std::min(260.0f, ImGui::GetContentRegionAvail().x));
  if (ImGui::Button("Stop loading")) {
    page_stop_beside();
    workspace_.beside.clear();
  }
  ImGui::EndGroup();
}

void ComparePanel::set_loading(double received, double total) {
  received_ = received;
  total_ = total;
  if (received < 0 && !other_) workspace_.beside.clear();
  page_wake();
}

void ComparePanel::draw_sides() {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float titles = 2 * ImGui::GetFrameHeightWithSpacing();
  const float side = std::max(
      100.0f, std::min((room.x - kCompareGap) / 2, (room.y - titles) / (1 + kSamplesShare)));
  std::optional<uint32_t> clicked = own_.draw(side);
  if (other_) {
    ImGui::SameLine(0, kCompareGap);
    if (const auto there = other_->draw(side)) clicked = there;
  } else if (!workspace_.beside.empty()) {
    ImGui::SameLine(0, kCompareGap);
    draw_loading();
  }
  if (clicked) choose(*clicked);
}

bool ComparePanel::same_size() const {
  return !other_ || other_workspace_.network().latent_size == workspace_.latent.size();
}

void ComparePanel::choose(uint32_t sample) {
  sample_ = sample;
  if (same_size()) {
    workspace_.latent =
        slot_of({workspace_.seed, sample, 1}, workspace_.network().latent_size).latent;
  }
}

// The other model shows the same seed and class.
void ComparePanel::follow() {
  if (!other_) return;
  other_workspace_.seed = workspace_.seed;
  const uint32_t classes = other_workspace_.network().classes;
  const uint32_t wanted =
      workspace_.network().classes > 0 ? workspace_.label : workspace_.beside_label;
  const uint32_t label = classes == 0 ? 0 : std::min(wanted, classes - 1);
  if (workspace_.network().classes == 0) workspace_.beside_label = label;
  if (std::exchange(other_workspace_.label, label) != label) other_->decode_anew();
  other_workspace_.device_is_lost = workspace_.device_is_lost;
  if (&other_workspace_.networks->family() == &workspace_.networks->family()) {
    other_workspace_.sampling = workspace_.sampling;
  }
}

void ComparePanel::request() {
  if (workspace_.beside.empty()) fetched_.clear();
  if (workspace_.beside != fetched_) fetch();
  const auto point = [&](const Workspace& workspace) {
    if (same_size()) return workspace_.latent;
    return slot_of({workspace_.seed, sample_, 1}, workspace.network().latent_size).latent;
  };
  own_.request(point(workspace_));
  if (other_) other_->request(point(other_workspace_));
}

// Only what the page offers: an address may name another.
void ComparePanel::fetch() {
  const auto offer = std::ranges::find(*workspace_.offers, workspace_.beside, &Offer::name);
  if (offer == workspace_.offers->end()) {
    workspace_.beside.clear();
  } else {
    received_ = total_ = 0;
    page_fetch_beside(offer->file.c_str());
  }
  fetched_ = workspace_.beside;
}

void ComparePanel::take(std::unique_ptr<Model> model) {
  other_.reset();
  model_ = std::move(model);
  other_workspace_ = {.device = workspace_.device,
                      .device_memory = workspace_.device_memory,
                      .networks = &model_->networks(),
                      .sampling = models::default_sampling(model_->networks().family()),
                      .model = model_->name()};
  other_ = std::make_unique<CompareSide>(other_workspace_);
  page_wake();
}

void ComparePanel::poll() {
  own_.poll();
  if (other_) other_->poll();
}

void ComparePanel::decode_anew() {
  own_.decode_anew();
  if (other_) other_->decode_anew();
}

}  // namespace pumice::web
