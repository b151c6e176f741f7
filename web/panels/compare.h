#pragma once

#include <memory>

#include "web/panels/compare_side.h"
#include "web/panels/panel.h"
#include "web/state/model.h"

namespace pumice::web {

/// The open model beside another one of those that the page offers: the same latent decoded by both
/// or, if their latents differ in size, the same sample of the seed.
class ComparePanel final : public Panel {
 public:
  explicit ComparePanel(Workspace& workspace) : workspace_(workspace), own_(workspace) {}

  const char* name() const override { return "Compare"; }
  const char* short_name() const override { return "Pair"; }
  const char* sentence() const override {
    return "Two models, side by side, from the same latent.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override;

  /// The model that it has asked for: workspace.beside.
  void take(std::unique_ptr<Model> model);
  /// How much of that model has arrived; `total` is 0 if unknown. A negative number: it does not.
  void set_loading(double received, double total);

 private:
  void draw_choice();
  void draw_class();
  void draw_loading();
  void draw_sides();
  bool same_size() const;
  void choose(uint32_t sample);
  void follow();
  void fetch();

  Workspace& workspace_;
  CompareSide own_;
  double received_ = 0, total_ = 0;
  std::string fetched_;  ///< the name of the model that is open or on its way
  uint32_t sample_ = 0;  ///< shown by models whose latents differ in size
  std::unique_ptr<Model> model_;
  Workspace other_workspace_;
  std::unique_ptr<CompareSide> other_;  ///< null as long as there is no other model
};

}  // namespace pumice::web
