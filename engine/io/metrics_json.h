#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/io/checkpoint.h"

namespace pumice::io {

/// [{"epoch": 1, "train": {"loss": …, "kl": …}, "test": {…}}, …], with the metrics in their order.
/// Numbers that are not finite become null.
std::string metrics_to_json(const std::vector<EpochMetrics>& metrics);

/// The inverse, exact for every number; null becomes NaN. Throws Error, beginning with `where`, if
/// the text has another form.
std::vector<EpochMetrics> metrics_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
