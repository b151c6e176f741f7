#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/model.h"
#include "web/panel.h"
#include "web/permalink.h"
#include "web/workspace.h"

namespace pumice::web {

/// The page's program: models to choose from, one open model, its tabs. Draws with Dear ImGui into
/// the current window. Without a device it opens checkpoints and shows their cards.
class App {
 public:
  /// `device` may be null.
  explicit App(std::unique_ptr<hal::Device> device) : device_(std::move(device)) {}

  void draw();
  /// Takes finished decodes.
  void poll();

  /// An entry of models/index.json: the name shown, the file beside the page.
  void offer_model(const std::string& name, const std::string& file);
  /// Throws Error, and keeps the model that is open, when this is no checkpoint.
  void open(const std::string& name, std::vector<std::byte> file);
  /// Restores as soon as the model that `link` names is open.
  void restore(const Permalink& link);

  /// A line at the top, until the next model is opened or somebody closes it.
  void say(const std::string& message) { message_ = message; }
  const std::string& message() const { return message_; }
  const std::vector<float>& shown() const { return workspace_.shown; }

 private:
  struct Offer {
    std::string name;
    std::string file;
  };
  void take_shortcuts();
  void draw_message();
  void draw_help();
  void draw_models();
  void draw_tabs(bool with_models);
  void make_panels();
  void apply_link();
  void publish_link();

  std::unique_ptr<hal::Device> device_;
  std::vector<Offer> offers_;
  std::string message_;
  bool shows_help_ = false;
  Permalink link_;
  bool link_waits_ = false;
  std::string published_;
  double published_at_ = 0;
  std::string tab_;         ///< shown
  std::string wanted_tab_;  ///< to be shown next; empty: as it is
  std::unique_ptr<Model> model_;
  Workspace workspace_;
  std::vector<std::unique_ptr<Panel>> panels_;
};

}  // namespace pumice::web
