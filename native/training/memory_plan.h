#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/hal/tuning.h"
#include "native/training/load_data.h"

namespace pumice {

/// The device memory that a training run needs, in bytes: its programs, parameters and optimizers,
/// and the programs that draw its images. Without the extractor of `[evaluate]`.
struct TrainingMemory {
  uint64_t run = 0;
  uint64_t data = 0;  ///< of the data set, which runs on one device share
};

/// For a device with these limits; uses no memory of it. Throws Error as TrainingRun does.
TrainingMemory training_memory(const hal::Limits& limits, const Recipe& recipe,
                               const TrainingData& data,
                               const std::shared_ptr<hal::Tuning>& tuning);

/// What a device with this memory has for runs and their data: nine tenths, because the driver and
/// others need some.
uint64_t usable_bytes(const hal::Limits& limits);

/// The largest half, quarter, eighth … of the recipe's batch with which a run and its data take at
/// most usable_bytes(). Absent if none does, or the memory is unknown.
std::optional<uint32_t> batch_that_fits(const hal::Limits& limits, const Recipe& recipe,
                                        const TrainingData& data);

/// The smallest number of shards, 2, 4, 8 …, in which the recipe's batch fits in the same way.
std::optional<uint32_t> shards_that_fit(const hal::Limits& limits, const Recipe& recipe,
                                        const TrainingData& data);

/// How many of `runs`, from the first, fit into usable_bytes() at the same time. At least one, even
/// if it does not fit alone. `runs`: the memory of each; `most`: 0: any number.
size_t runs_that_fit(const hal::Limits& limits, const std::vector<uint64_t>& runs, uint64_t data,
                     size_t most);

}  // namespace pumice
