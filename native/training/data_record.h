#pragma once

#include "engine/io/checkpoint.h"
#include "native/training/load_data.h"

namespace pumice {

/// What a checkpoint says of its data.
io::DataRecord data_record(const TrainingData& data);

/// The names that a checkpoint keeps: empty if the model uses no class labels.
std::vector<std::string> class_names_for(const models::Description& network,
                                         const data::ImageSet& images);

/// As they come back from a checkpoint: bytes that are not UTF-8 are replaced.
std::vector<std::string> kept_class_names(const std::vector<std::string>& names);

/// Gives the labels the numbers that `names`, a checkpoint's class names, give their classes.
/// Leaves them where there are no names. Throws Error when the pictures have a class that is not
/// there.
void match_class_names(data::ImageSet& images, const std::vector<std::string>& names);

/// What is not as it was when the run began, in words; empty where nothing is. A split without
/// pictures was not loaded, and is not compared.
std::string data_difference(const io::DataRecord& then, const TrainingData& now);

/// Throws Error, saying what has changed, unless the data is what the run began with. With
/// `accepts_change` only where an epoch would have another number of steps; `say` hears of other
/// changes. Checkpoints of earlier versions do not know their data: any will do, if its classes are
/// in the order of their bytes, as they were then.
void require_same_data(const io::Checkpoint& run, const Recipe& recipe, const TrainingData& data,
                       bool accepts_change, const Say& say);

}  // namespace pumice
