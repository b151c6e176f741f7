#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pumice::data {

/// Numbers a class.
using Label = uint16_t;

enum class Split : uint8_t { kTrain, kTest };

/// Pictures as they come from a file: 8 bits per value, all of one size.
struct ImageSet {
  uint32_t count = 0;
  uint32_t height = 0;
  uint32_t width = 0;
  uint32_t channels = 1;
  std::vector<uint8_t> pixels;                ///< [count, height, width, channels]
  std::vector<Label> labels;                  ///< [count]; empty where the pictures have no classes
  std::string unlabelled = {};                ///< why labels that are there are of no use, or empty
  std::vector<std::string> class_names = {};  ///< by label; may be empty
  std::vector<std::string> skipped = {};      ///< files left out, each with the reason
  std::vector<std::string> notes = {};        ///< what people should hear of the data, as lines
  std::string source = {};                    ///< the folder, for errors; may be empty
  /// Differs where the pictures do: of the names and sizes of a folder's files, and of the content
  /// of other data sets.
  uint64_t digest = 0;

  /// Values of one picture.
  uint64_t image_size() const { return uint64_t{height} * width * channels; }
  /// The number of classes: of the names, or one more than the largest label; 0 without labels.
  uint32_t classes() const;
};

/// Throws Error naming `file`, where the labels come from, unless all of them have a class name.
void require_known_labels(const ImageSet& images, const std::string& file);

}  // namespace pumice::data
