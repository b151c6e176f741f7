#pragma once

#include <memory>

#include "engine/data/image_set.h"
#include "native/commands/session.h"
#include "native/training/checkpoint_files.h"
#include "native/training/model_on_device.h"

namespace pumice::commands {

/// A trained model on a device.
struct OpenModel {
  std::unique_ptr<hal::Device> device;
  std::unique_ptr<ModelOnDevice> model;
  std::vector<std::string> class_names;  ///< empty without classes; not in earlier versions

  /// The class that --class refers to, by name or else by number. nullopt if `wanted` is empty.
  /// Throws Error, listing the classes, if there is no such class.
  std::optional<uint32_t> find_class(const std::string& wanted) const;
  /// Returns ` of class 9 ("10")`, or ` of class 9` without names, and adds the same to the object.
  /// Empty without a class.
  std::string tell_class(std::optional<uint32_t> label, nlohmann::json& object) const;
};

enum class Task : uint8_t { kDraw, kReconstruct };

/// Opens RUN of the command line: a run's folder or a checkpoint. Throws Error if the model's
/// family does not support the task: see models::Family::draws and encodes.
OpenModel open_model(Session& session, const std::string& run, Task task);

/// The test images of the data set that a run was trained on, from `folder` (--data; may be
/// empty). Throws Error as load_data does, and if the images do not have the shape `image` that
/// the model takes.
data::ImageSet test_images(const Session& session, const std::string& run,
                           const std::string& folder, const Shape& image);

void add_run_option(CLI::App& command, std::string& run);
void add_out_option(CLI::App& command, std::string& out);
/// For conditional models.
void add_class_option(CLI::App& command, std::string& wanted);
void add_data_option(CLI::App& command, std::string& data);

}  // namespace pumice::commands
