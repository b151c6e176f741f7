#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pumice::data {

/// The index of a class.
using Label = uint16_t;

enum class Split : uint8_t { kTrain, kTest };

/// Decoded images: 8 bits per value, all of the same size.
struct ImageSet {
  uint32_t count = 0;
  uint32_t height = 0;
  uint32_t width = 0;
  uint32_t channels = 1;
  std::vector<uint8_t> pixels;                ///< [count, height, width, channels]
  std::vector<Label> labels;                  ///< [count]; empty if the images have no labels
  std::string unlabelled = {};                ///< why existing labels cannot be used, or empty
  std::vector<std::string> class_names = {};  ///< by label; may be empty
  std::vector<std::string> skipped = {};  ///< files that could not be read, each with the reason
  std::vector<std::string> notes = {};    ///< remarks on the data for the user, one line each
  std::string source = {};                ///< the folder, for error messages; may be empty
  /// Identifies the images: for a folder, by its files' names and sizes; for other data sets, by
  /// content.
  uint64_t digest = 0;

  /// Values of one image.
  uint64_t image_size() const { return uint64_t{height} * width * channels; }
  /// The number of class names, or one more than the largest label; 0 without labels.
  uint32_t classes() const;
};

/// Throws Error, naming `file` as the source of the labels, unless every label has a class name.
void require_known_labels(const ImageSet& images, const std::string& file);

}  // namespace pumice::data
