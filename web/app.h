#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/model.h"
#include "web/panel.h"
#include "web/permalink.h"
#include "web/sidebar.h"
#include "web/workspace.h"

namespace pumice::web {

class EncodePanel;

/// The page's program: models to choose from, one open model, its tabs. Draws with Dear ImGui into
/// the current window. Without a device it opens checkpoints and shows their cards.
class App {
 public:
  /// `device` may be null; `device_memory` says what it has allocated.
  App(std::unique_ptr<hal::Device> device, std::function<DeviceMemory()> device_memory)
      : device_(std::move(device)), device_memory_(std::move(device_memory)) {}

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

  /// A line at the top, until the next model is opened or somebody closes it.
  void say(const std::string& message);
  const std::string& message() const { return message_; }
  const std::vector<float>& shown() const { return workspace_.shown; }
  size_t decodes() const { return workspace_.decodes; }
  Sidebar& sidebar() { return sidebar_; }

 private:
  void take_shortcuts();
  void draw_message();
  void draw_class();
  void draw_tabs(bool with_sidebar);
  void draw_sidebar();
  void make_panels();
  Permalink current_link() const;
  void apply_link();
  void publish_link();

  std::unique_ptr<hal::Device> device_;
  std::function<DeviceMemory()> device_memory_;
  Sidebar sidebar_;
  std::string message_;
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
