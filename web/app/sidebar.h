#pragma once

#include <optional>
#include <string>
#include <vector>

#include "web/state/model.h"
#include "web/state/workspace.h"

namespace pumice::web {

/// The column next to the tabs, or the first tab on narrow windows: the list of models, the theme,
/// the open model's card.
class Sidebar {
 public:
  /// `device`: what computes, in words. `model` may be null. Returns true if the user asks for
  /// help.
  bool draw(const std::string& device, const Model* model);

  void offer(Offer offer) { offers_.push_back(std::move(offer)); }
  const std::vector<Offer>& offers() const { return offers_; }

  /// A model being loaded; `total` is 0 if unknown, `name` is empty if nothing is loading.
  void set_loading(std::string name, double received, double total);
  bool is_loading() const { return !loading_.empty(); }
  /// 0: system, 1: dark, 2: light.
  void set_theme_choice(int choice) { theme_choice_ = choice; }

 private:
  void draw_offers(const Model* model) const;
  void draw_theme() const;
  void draw_copy(const Model* model);
  void draw_loading() const;

  std::vector<Offer> offers_;
  std::string loading_;
  double received_ = 0;
  double total_ = 0;
  int theme_choice_ = 0;
  std::optional<double> copied_at_;  // of page_now()
};

}  // namespace pumice::web
