// The part of App that deals with addresses.
#include <algorithm>

#include "web/app/app.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

// Returns true if `from`, of an address, is a point of a latent space of `size` numbers.
bool take_slot(const Slot& from, uint32_t size, Slot& to) {
  if (from.sample) {
    to = slot_of(*from.sample, size);
  } else if (from.latent.size() == size) {
    to = from;
  }
  return from.sample || from.latent.size() == size;
}

}  // namespace

void App::restore(const Permalink& link) {
  link_ = link;
  link_waits_ = true;
  if (!panels_.empty() && (link.model.empty() || link.model == workspace_.model)) {
    apply_link();
    page_wake();
    return;
  }
  for (const Offer& offer : sidebar_.offers()) {
    if (offer.name == link.model) return page_fetch_model(offer.file.c_str());
  }
}

void App::apply_link() {
  wanted_tab_ = tab_.empty() ? "Sample" : tab_;
  const bool is_meant = link_.model.empty() || link_.model == workspace_.model;
  if (std::exchange(link_waits_, false) && is_meant) {
    if (!link_.tab.empty()) wanted_tab_ = link_.tab;
  } else {
    link_ = remembered_[workspace_.model];
  }
  const uint32_t size = workspace_.network().latent_size;
  take_class(link_.label);
  workspace_.seed = link_.seed;
  workspace_.truncation = link_.truncation;
  workspace_.side = link_.side;
  workspace_.latent = link_.latent;
  if (link_.latent == std::vector<float>{0}) workspace_.latent.resize(size);
  if (workspace_.latent.size() != size) workspace_.latent = workspace_.beginning_of(link_.seed);
  followed_seed_ = link_.seed;
  for (size_t i = 0; i < 2; ++i) take_slot(link_.slots[i], size, workspace_.slots[i]);
  workspace_.way_points.clear();
  for (const Slot& slot : link_.way_points) {
    Slot way_point;
    if (take_slot(slot, size, way_point)) workspace_.way_points.push_back(std::move(way_point));
  }
  workspace_.path = link_.path;
  workspace_.beside = link_.beside;
  workspace_.beside_label = link_.beside_label;
  workspace_.map_by_numbers = link_.map_by_numbers;
}

// So that choosing the model again restores what was shown of it.
void App::remember_model() {
  if (model_) remembered_[workspace_.model] = current_link();
}

Permalink App::current_link() const {
  const bool is_beginning = workspace_.latent == workspace_.beginning_of(workspace_.seed);
  return {.model = workspace_.model,
          .tab = wanted_tab_.empty() ? tab_ : wanted_tab_,
          .label = workspace_.label,
          .seed = workspace_.seed,
          .truncation = workspace_.truncation,
          .side = workspace_.side,
          .latent = is_beginning ? std::vector<float>{} : workspace_.latent,
          .slots = workspace_.slots,
          .way_points = workspace_.way_points,
          .path = workspace_.path,
          .beside = workspace_.beside,
          .beside_label = workspace_.beside_label,
          .map_by_numbers = workspace_.map_by_numbers};
}

void App::publish_link() {
  if (panels_.empty() || !wanted_tab_.empty()) return;
  std::string lines = permalink_to_lines(current_link());
  if (lines == published_) return;
  page_publish_link(lines.c_str());
  published_ = lines;
}

}  // namespace pumice::web
