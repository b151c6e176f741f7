#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/io/checkpoint.h"

namespace pumice::io {

/// [{"epoch": 1, "train": {"loss": …, "kl": …}, "test": {…}}, …], each object in its figures'
/// order. What is not finite becomes null.
std::string figures_to_json(const std::vector<EpochFigures>& figures);

/// Reads it back, number for number, null as NaN. `where` begins the messages. Throws Error when it
/// is not that.
std::vector<EpochFigures> figures_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
