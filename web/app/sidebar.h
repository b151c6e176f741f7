#pragma once

#include <string>
#include <vector>

#include "web/state/model.h"

namespace pumice::web {

/// The column beside the tabs, on narrow windows the first of them: models to choose from, the
/// theme, the open model's card.
class Sidebar {
 public:
  struct Offer {
    std::string name;
    std::string file;
  };

  /// `model` may be null. True when somebody asks for help.
  bool draw(const Model* model);

  void offer(Offer offer) { offers_.push_back(std::move(offer)); }
  const std::vector<Offer>& offers() const { return offers_; }

  /// A model on its way; `total` is 0 where unknown, `name` empty when there is none.
  void set_loading(std::string name, double received, double total);
  bool is_loading() const { return !loading_.empty(); }
  /// 0 as the system, 1 dark, 2 light.
  void set_theme_choice(int choice) { theme_choice_ = choice; }

 private:
  void draw_theme() const;
  void draw_loading() const;

  std::vector<Offer> offers_;
  std::string loading_;
  double received_ = 0;
  double total_ = 0;
  int theme_choice_ = 0;
};

}  // namespace pumice::web
