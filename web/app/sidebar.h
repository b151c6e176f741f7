#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "web/drawing/image_view.h"
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
  /// Of the offer with that index: RGBA, `shape` is [height, width, 3].
  void take_thumbnail(size_t index, const uint8_t* rgba, const Shape& shape);
  const std::vector<Offer>& offers() const { return offers_; }

  /// A model being loaded; `total` is 0 if unknown, `name` is empty if nothing is loading.
  void set_loading(std::string name, double received, double total);
  bool is_loading() const { return !loading_.empty(); }
  /// 0: system, 1: dark, 2: light.
  void set_theme_choice(int choice) { theme_choice_ = choice; }

 private:
  void draw_offers(const Model* model);
  void draw_offer(size_t index, bool is_open);
  void draw_theme() const;
  void draw_copy(const Model* model);
  void draw_loading() const;

  std::vector<Offer> offers_;
  std::map<size_t, ImageView> thumbnails_;  ///< by the offer's index
  std::string loading_;
  double received_ = 0;
  double total_ = 0;
  int theme_choice_ = 0;
  std::optional<double> copied_at_;  // of page_now()
};

}  // namespace pumice::web
