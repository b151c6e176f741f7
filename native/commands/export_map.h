#pragma once

#include <optional>
#include <string>

#include "engine/io/checkpoint_header.h"
#include "engine/io/latent_map.h"
#include "native/commands/open_model.h"
#include "native/evaluation/extractor.h"

namespace pumice::commands {

/// What an exported file's map and first image are made from.
struct MapSource {
  std::optional<data::ImageSet> images;    ///< test images, of a model that encodes
  std::optional<OpenExtractor> extractor;  ///< the data set's own, unless it has to be trained
};

/// `data`: the folder of --data. Without test images if `with_images` is false or, with a
/// note, if they cannot be read.
MapSource map_source(const Session& session, const OpenModel& open, const std::string& run,
                     const std::string& data, bool with_images);

/// The map: of test images if the model encodes, otherwise of samples. nullopt without test images.
std::optional<io::LatentMap> make_map(const Session& session, const OpenModel& open,
                                      const MapSource& source);

/// Where the page begins (see typical_latent), as metadata of the file: `first_latent`, numbers
/// with commas between, absent if there is none; and the model in lists: `thumbnail`, a PNG in a
/// data: address, which shows it or else the first sample of seed 1.
io::Metadata make_opening(const OpenModel& open, const MapSource& source);

}  // namespace pumice::commands
