#pragma once

#include "engine/io/checkpoint.h"
#include "native/training/load_data.h"

namespace pumice {

/// A checkpoint's record of its data.
io::DataRecord data_record(const TrainingData& data);

/// The class names stored in a checkpoint: empty if the model does not use labels.
std::vector<std::string> class_names_for(const models::Description& network,
                                         const data::ImageSet& images);

/// The names as a checkpoint returns them: invalid UTF-8 is replaced.
std::vector<std::string> kept_class_names(const std::vector<std::string>& names);

/// Renumbers the labels to match `names`, a checkpoint's class names. Does nothing without names.
/// Throws Error if the images have a class that is not among them.
void match_class_names(data::ImageSet& images, const std::vector<std::string>& names);

/// Describes how the data differs from the run's original data; empty if it does not. A split
/// without images was not loaded, and is not compared.
std::string data_difference(const io::DataRecord& then, const TrainingData& now);

/// Throws Error, describing the difference, unless the data is the run's original data. With
/// `accepts_change`, throws only if the number of steps per epoch would change, and reports other
/// changes to `notify`. Checkpoints of earlier versions have no such record: any data is accepted
/// if its classes are sorted by bytes, as they were then.
void require_same_data(const io::Checkpoint& run, const Recipe& recipe, const TrainingData& data,
                       bool accepts_change, const Notify& notify);

}  // namespace pumice
