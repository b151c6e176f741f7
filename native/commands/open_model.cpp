#include "native/commands/open_model.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "native/training/data_record.h"

namespace pumice::commands {

namespace {

// The classes as they can be typed; abbreviated if there are hundreds.
std::string classes_text(const std::vector<std::string>& names, uint32_t classes) {
  constexpr size_t kNamed = 10;
  if (classes == 0) return "has no classes";
  if (names.empty()) return fmt::format("has 0 … {}", classes - 1);
  std::string text = fmt::format("has {} class{}: ", classes, classes == 1 ? "" : "es");
  for (size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > kNamed ? text + ", …" : text;
}

std::optional<uint32_t> whole_number(const std::string& text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end) return {};
  return value;
}

std::vector<std::string> class_names_of(const io::Checkpoint& checkpoint) {
  std::vector<std::string> names = checkpoint.class_names();
  const uint32_t classes = checkpoint.network().classes();
  require(names.empty() || names.size() == classes, "{}: expected {} class names, found {}",
          checkpoint.file_name(), classes, names.size());
  return names;
}

}  // namespace

std::optional<uint32_t> OpenModel::find_class(const std::string& wanted) const {
  if (wanted.empty()) return {};
  const uint32_t classes = model->description().classes();
  const std::string kept = kept_class_names({wanted})[0];
  const auto named = std::find(class_names.begin(), class_names.end(), kept);
  if (named != class_names.end()) {
    const auto other = std::find(named + 1, class_names.end(), kept);
    require(other == class_names.end(),
            "class {}: classes {} and {} both have this name: expected a number", kept,
            named - class_names.begin(), other - class_names.begin());
    return static_cast<uint32_t>(named - class_names.begin());
  }
  const std::optional<uint32_t> number = whole_number(wanted);
  require(number && *number < classes, "class {}: the model {}", wanted,
          classes_text(class_names, classes));
  return number;
}

std::string OpenModel::tell_class(std::optional<uint32_t> label, nlohmann::json& object) const {
  if (!label) return "";
  object["class"] = *label;
  if (class_names.empty()) return fmt::format(" of class {}", *label);
  object["class_name"] = class_names[*label];
  return fmt::format(" of class {} (\"{}\")", *label, class_names[*label]);
}

OpenModel open_model(Session& session, const std::string& run, Task task) {
  const io::Checkpoint checkpoint = read_checkpoint(run);
  const models::Family& family = checkpoint.network().family();
  require(family.draws, "{}: expected a model that draws images, found a {}",
          checkpoint.file_name(), family.name);
  require(family.encodes || task == Task::kDraw,
          "{}: expected {}, which can encode images, found a {}", checkpoint.file_name(),
          models::families_that(&models::Family::encodes), family.name);
  const models::ModelOptions options = checkpoint.inference_options();
  require(options.purpose != models::Purpose::kDecoding || task == Task::kDraw,
          "{}: expected a model with its encoder, found one exported without it",
          checkpoint.file_name());
  OpenModel open{
      .device = session.open_device(), .model = nullptr, .class_names = class_names_of(checkpoint)};
  open.model = std::make_unique<ModelOnDevice>(*open.device, checkpoint.network(), options);
  open.model->load(checkpoint);
  return open;
}

data::ImageSet test_images(const Session& session, const std::string& run,
                           const std::string& folder, const Shape& image) {
  const io::Checkpoint checkpoint = read_checkpoint(run);
  const Recipe recipe =
      parse_recipe(checkpoint.training().recipe, checkpoint.file_name() + ": recipe");
  data::ImageSet images = load_data(recipe, folder, data::Split::kTest, session.notifier());
  match_class_names(images, checkpoint.class_names());
  require(image == Shape({images.height, images.width, images.channels}),
          "{} takes images of {}, the data has [{}, {}, {}]", run, image, images.height,
          images.width, images.channels);
  return images;
}

void add_run_option(CLI::App& command, std::string& run) {
  command.add_option("RUN", run, "A run's folder, or its checkpoint (.safetensors)")->required();
}

void add_out_option(CLI::App& command, std::string& out) {
  command.add_option("--out", out, "The image to write (PNG)")->capture_default_str();
}

void add_class_option(CLI::App& command, std::string& wanted) {
  command
      .add_option("--class", wanted,
                  "The class for a conditional model: a name, or a number from 0 if no class has "
                  "that name; default: all classes in turn")
      ->type_name("NAME|NUMBER")
      ->check([](const std::string& text) {
        return text.empty() ? std::string("expected a class's name or number, got nothing") : "";
      });
}

void add_data_option(CLI::App& command, std::string& data) {
  command.add_option("--data", data,
                     "Folder with the data set's files; default: its own in $PUMICE_DATA, or in "
                     "~/.cache/pumice/data");
}

}  // namespace pumice::commands
