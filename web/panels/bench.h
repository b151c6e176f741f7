#pragma once

#include "web/panels/panel.h"
#include "web/state/bench.h"
#include "web/state/workspace.h"

namespace pumice::web {

/// Starts and stops the benchmark, and shows its result.
class BenchPanel final : public Panel {
 public:
  /// `bench` outlives the open model.
  BenchPanel(Workspace& workspace, Bench& bench) : workspace_(workspace), bench_(bench) {}

  const char* name() const override { return "Bench"; }
  const char* sentence() const override {
    return "How fast this device trains: two models, on images that are made here.";
  }
  Explanation explanation() const override;
  bool shows_model() const override { return false; }
  void draw() override;

 private:
  void draw_start(const char* label);
  void draw_progress();
  void draw_result();

  Workspace& workspace_;
  Bench& bench_;
  double copied_ = 0;  ///< when the result was copied, in milliseconds; 0: not yet
};

}  // namespace pumice::web
