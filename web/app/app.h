#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/app/sidebar.h"
#include "web/panels/panel.h"
#include "web/state/model.h"
#include "web/state/permalink.h"
#include "web/state/workspace.h"

namespace pumice::web {

class EncodePanel;

/// The page's program: models to choose from, one open model, its tabs. Draws with Dear ImGui into
/// the current window. Without a device it opens checkpoints and shows their cards.
class App {
 public:
  /// `device_memory` says what the device has allocated; replace_device() brings one.
  explicit App(std::function<DeviceMemory()> device_memory)
      : device_memory_(std::move(device_memory)) {}

  void draw();
  /// Asks for what the last draw() missed. Throws Error, as poll() does.
  void request();
  /// Takes finished decodes.
  void poll();
  /// Milliseconds until the next frame, where something moves by itself; negative: nothing does.
  double next_frame() const { return workspace_.next_frame; }

  /// An entry of models/index.json: the name shown, the file beside the page.
  void offer_model(const std::string& name, const std::string& file);
  /// There are no more of them.
  void end_offers();
  /// Throws Error, and keeps the model that is open, when this is no checkpoint.
  void open(const std::string& name, std::vector<std::byte> file);
  /// Now, or as soon as the model that `link` names is open.
  void restore(const Permalink& link);

  /// There is none, and why: a line at the top that stays.
  void miss_device(const std::string& reason);
  /// Stops asking the device; what is shown stays. Offers to open it anew.
  void lose_device(const std::string& reason);
  /// Lets go of all that the lost device made, then takes what `open_device` gives. The model is to
  /// be opened again; then what was shown comes back.
  void replace_device(const std::function<std::unique_ptr<hal::Device>()>& open_device);

  /// The picture that the open model takes, [height, width, channels]. Where it takes none, a line
  /// at the top says why.
  std::optional<Shape> wanted_picture(const std::string& file_name);
  /// What transparent pictures lie on: see Model::picture_background().
  std::string picture_background() const { return model_ ? model_->picture_background() : "black"; }
  /// values [height·width·channels].
  void take_picture(const std::string& file_name, std::vector<float> values);

  /// A line at the top below those that are there, until quiet() or somebody closes them.
  void say(const std::string& message);
  void quiet();
  /// All lines at the top.
  std::string message() const;
  /// The device is no graphics processor.
  bool is_software() const { return device_ && device_->limits().type == hal::DeviceType::kCpu; }
  const std::vector<float>& shown() const { return workspace_.shown; }
  size_t decodes() const { return workspace_.decodes; }
  Sidebar& sidebar() { return sidebar_; }

 private:
  void take_shortcuts();
  void draw_message();
  void draw_class();
  void draw_sampling();
  void decode_anew();
  void take_class(uint32_t label);
  void draw_tabs(bool with_sidebar);
  void draw_emptiness() const;
  void settle_tab();
  void draw_sidebar();
  void make_panels();
  Permalink current_link() const;
  void apply_link();
  void publish_link();

  std::unique_ptr<hal::Device> device_;
  std::function<DeviceMemory()> device_memory_;
  Sidebar sidebar_;
  std::string trouble_;                ///< with the device; it stays as long as that
  std::vector<std::string> messages_;  ///< the last ones
  bool shows_help_ = false;
  Permalink link_;
  bool link_waits_ = false;
  std::string published_;
  Panel* shown_panel_ = nullptr;
  std::string tab_;         ///< shown
  std::string wanted_tab_;  ///< to be shown next; empty: as it is
  std::unique_ptr<Model> model_;
  Workspace workspace_;
  std::vector<std::unique_ptr<Panel>> panels_;
  EncodePanel* encode_panel_ = nullptr;  ///< where the model has an encoder
};

}  // namespace pumice::web
