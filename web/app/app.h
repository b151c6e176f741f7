#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/app/sidebar.h"
#include "web/app/tour.h"
#include "web/panels/panel.h"
#include "web/state/bench.h"
#include "web/state/model.h"
#include "web/state/permalink.h"
#include "web/state/workspace.h"

namespace pumice::web {

class ComparePanel;
class EncodePanel;

/// The page's program: the list of models, the open model and its tabs. Draws with Dear ImGui into
/// the current window.
class App {
 public:
  /// `device_memory` reports the device's allocations; replace_device() has to provide the device.
  explicit App(std::function<hal::MemoryUse()> device_memory)
      : device_memory_(std::move(device_memory)) {}

  void draw();
  /// Requests what the last draw() lacked. Throws Error, as poll() does.
  void request();
  /// Collects finished decodes.
  void poll();
  /// Milliseconds until the next frame, if something is animated; otherwise negative.
  double next_frame() const { return is_settled() ? workspace_.next_frame : 0; }

  /// An entry of models/index.json: the displayed name, and the file's path relative to the page.
  void offer_model(const std::string& name, const std::string& file);
  /// Marks the end of the offered models.
  void end_offers();
  /// Throws Error, and keeps the open model, if this is not a checkpoint.
  void open(const std::string& name, std::vector<std::byte> file);
  /// A model to compare the open one with. Throws Error as open() does.
  void open_beside(const std::string& name, std::vector<std::byte> file);
  /// See ComparePanel::set_loading.
  void set_loading_beside(double received, double total);
  /// Applies `link` now, or as soon as the model that it names is open.
  void restore(const Permalink& link);

  /// Shows that the device that the user wants is not there, until the user closes it.
  void miss_device(const std::string& message);
  /// Stops using the device but keeps what is shown. Offers to reopen it.
  void lose_device(const std::string& reason);
  /// Releases everything created by the present device, then uses the result of `open_device`. The
  /// model must be opened again, which restores what was shown. `reason`: why the device is not
  /// another, or empty.
  void replace_device(const std::function<std::unique_ptr<hal::Device>()>& open_device,
                      std::string reason);
  /// Replaces the `reason` of replace_device().
  void explain_device(std::string reason);

  /// The image size that the open model accepts, [height, width, channels]. If it accepts none, a
  /// line at the top says why.
  std::optional<Shape> wanted_image(const std::string& file_name);
  /// The background of transparent images: see Model::image_background().
  std::string image_background() const { return model_ ? model_->image_background() : "black"; }
  /// values [height·width·channels].
  void take_image(const std::string& file_name, std::vector<float> values);

  /// Adds a line at the top, which stays until quiet() or until the user closes it.
  void say(const std::string& message);
  void quiet();
  /// All lines at the top.
  std::string message() const;
  /// What computes, in the words of the sidebar.
  std::string device_title() const;
  const std::string& device_reason() const { return device_reason_; }
  const std::vector<float>& shown() const { return workspace_.shown; }
  size_t decodes() const { return workspace_.decodes; }
  /// Milliseconds that are left to wait for an image, before drawing without it, if WebGPU is
  /// software and was asked for one; otherwise 0.
  double wait_for_image() const;
  Sidebar& sidebar() { return sidebar_; }
  Bench& bench() { return bench_; }

 private:
  void take_shortcuts();
  void draw_message();
  void draw_tour();
  void take_undo_keys();
  void take_wishes();
  void draw_class();
  void draw_class_list();
  void draw_panel(Panel& panel);
  void draw_sampling();
  void decode_anew();
  void take_class(uint32_t label);
  void draw_tabs(bool is_narrow);
  void draw_emptiness() const;
  void settle_tab();
  /// Whether the wanted tab is shown: Dear ImGui changes tabs a frame later.
  bool is_settled() const { return panels_.empty() || wanted_tab_.empty(); }
  void draw_sidebar();
  void make_panels();
  void offer_comparison();
  Permalink current_link() const;
  void apply_link();
  void remember_model();
  void publish_link();

  std::unique_ptr<hal::Device> device_;
  std::string device_reason_;
  std::function<hal::MemoryUse()> device_memory_;
  Sidebar sidebar_;
  Bench bench_;
  std::string trouble_;                ///< problem with the device; shown as long as it lasts
  std::vector<std::string> messages_;  ///< the most recent ones
  bool shows_help_ = false;
  Tour tour_;
  Permalink link_;
  bool link_waits_ = false;
  std::map<std::string, Permalink> remembered_;  ///< what was shown of other models, by name
  uint64_t followed_seed_ = 1;  ///< whose typical point the explored one is, until it is moved
  std::string published_;
  Panel* shown_panel_ = nullptr;
  std::string tab_;         ///< currently shown
  std::string wanted_tab_;  ///< to show next; empty: no change
  std::unique_ptr<Model> model_;
  Workspace workspace_;
  std::vector<std::unique_ptr<Panel>> panels_;
  EncodePanel* encode_panel_ = nullptr;    ///< null if the model has no encoder
  ComparePanel* compare_panel_ = nullptr;  ///< null if there is no other model
};

}  // namespace pumice::web
