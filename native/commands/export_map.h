#pragma once

#include <optional>
#include <string>

#include "engine/io/latent_map.h"
#include "native/commands/open_model.h"

namespace pumice::commands {

/// The map of a run's exported file: of test images if the model encodes, otherwise of samples,
/// with the data set's own extractor unless it would have to be trained. `data`: the folder of
/// --data. nullopt, with a note, if the test images cannot be read.
std::optional<io::LatentMap> make_map(const Session& session, const OpenModel& open,
                                      const std::string& run, const std::string& data);

}  // namespace pumice::commands
