// The part of App that deals with addresses.
#include <algorithm>

#include "web/app/app.h"
#include "web/page/browser.h"

namespace pumice::web {

void App::restore(const Permalink& link) {
  link_ = link;
  link_waits_ = true;
  if (!panels_.empty() && (link.model.empty() || link.model == workspace_.model)) {
    apply_link();
    page_wake();
    return;
  }
  for (const Sidebar::Offer& offer : sidebar_.offers()) {
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
  if (workspace_.latent.size() != size) workspace_.latent = typical_slot(link_.seed, size).latent;
  followed_seed_ = link_.seed;
  for (size_t i = 0; i < 2; ++i) {
    const Slot& slot = link_.slots[i];
    if (slot.sample) workspace_.slots[i] = slot_of(*slot.sample, size);
    if (slot.latent.size() == size) workspace_.slots[i] = slot;
  }
  workspace_.path = link_.path;
}

// So that choosing the model again restores what was shown of it.
void App::remember_model() {
  if (model_) remembered_[workspace_.model] = current_link();
}

Permalink App::current_link() const {
  const uint32_t size = workspace_.network().latent_size;
  const bool is_typical = workspace_.latent == typical_slot(workspace_.seed, size).latent;
  return {.model = workspace_.model,
          .tab = wanted_tab_.empty() ? tab_ : wanted_tab_,
          .label = workspace_.label,
          .seed = workspace_.seed,
          .truncation = workspace_.truncation,
          .side = workspace_.side,
          .latent = is_typical ? std::vector<float>{} : workspace_.latent,
          .slots = workspace_.slots,
          .path = workspace_.path};
}

void App::publish_link() {
  if (panels_.empty() || !wanted_tab_.empty()) return;
  std::string lines = permalink_to_lines(current_link());
  if (lines == published_) return;
  page_publish_link(lines.c_str());
  published_ = lines;
}

}  // namespace pumice::web
