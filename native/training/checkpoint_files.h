#pragma once

#include <filesystem>
#include <string>

#include "engine/io/checkpoint.h"
#include "native/training/run_folder.h"

namespace pumice {

/// Writes the newest checkpoint; the one before becomes earlier_checkpoint(1), and so on, until
/// `keep` files are there. A process killed at any time leaves a valid newest file, if there was
/// one. Throws Error as io::write_checkpoint does.
void save_checkpoint(const RunFolder& folder, const io::CheckpointContent& content, uint32_t keep);

/// Where a run can be resumed.
struct ResumePoint {
  io::Checkpoint checkpoint;
  /// Why the checkpoint is not the newest: one line, which says what is used instead; else empty.
  std::string note;
};

/// The newest checkpoint that is neither damaged nor missing. Changes nothing. Throws Error if
/// there is none, saying what is wrong with each; NewerVersion if a newer program wrote one.
ResumePoint resume_point(const RunFolder& folder);

/// Makes an earlier checkpoint of the folder the newest, in place of those after it; other files
/// are left alone. Throws Error when it cannot be renamed.
void go_back_to(const RunFolder& folder, const std::filesystem::path& earlier);

/// The checkpoint of RUN on the command line: a run's folder or the file itself. Throws Error if
/// there is none, naming an earlier one that exists.
std::filesystem::path checkpoint_of(const std::filesystem::path& run);

/// Reads the checkpoint of RUN. Throws Error as io::Checkpoint does; if the newest of a run is
/// damaged, the message names an earlier one that is not.
io::Checkpoint read_checkpoint(const std::filesystem::path& run);

}  // namespace pumice
