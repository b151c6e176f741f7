#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "native/report/reported_run.h"

namespace pumice::report {

/// At most `count` elements of `all`, evenly spaced, including the first and the last.
std::vector<uint32_t> spread(std::span<const uint32_t> all, size_t count);

/// The images of a run as data URIs of about `budget` characters together: {"samples": [{"epoch":
/// 1, "src": …, "width": 291}, …], "reconstructions": […], "samples_within_first_epoch": {"src":
/// …}, "interpolation": …, "latents": …, "manifold": …, "neighbours": …}; missing images are left
/// out. `row`: the height of a row of images in a grid, in pixels; a grid that is too large loses
/// its last rows. Reports unreadable files in `notes`.
nlohmann::json images_to_json(const ReportedRun& run, uint32_t row, size_t budget,
                              std::vector<std::string>& notes);

}  // namespace pumice::report
