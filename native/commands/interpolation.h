#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/commands/open_model.h"
#include "native/commands/sampling_options.h"

namespace pumice::commands {

/// The command line of `pumice interpolate`.
struct InterpolateOptions {
  std::string run;
  bool force = false;
  std::string out = "interpolate.png";
  std::string data;
  std::optional<uint64_t> from_seed;
  std::optional<uint64_t> to_seed;
  std::optional<uint32_t> from_image;
  std::optional<uint32_t> to_image;
  std::vector<uint64_t> corners;
  std::optional<uint32_t> rows;
  uint32_t frames = 10;
  uint32_t frames_per_second = 10;
  std::string wanted_class;
  std::optional<uint32_t> label;  ///< draw this class
  bool spherical = false;
  SamplingValues sampling;

  bool has_images() const { return from_image || to_image; }
};

/// Draws strips between images, or an animation of them, and reports the files.
void draw_strips(const InterpolateOptions& options, const Session& session, const OpenModel& open);

/// Draws a grid between the first samples of four seeds, and reports the file.
void draw_corners(const InterpolateOptions& options, const Session& session, const OpenModel& open);

}  // namespace pumice::commands
