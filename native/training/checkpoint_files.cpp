#include "native/training/checkpoint_files.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "engine/base/require.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

void rename_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  require(!error, "{}: cannot rename to {}: {}", from.string(), to.filename().string(),
          error.message());
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

/// Gives the file a second name, or copies it on file systems without hard links.
void duplicate(const fs::path& file, const fs::path& to) {
  std::error_code error;
  fs::remove(to, error);
  fs::create_hard_link(fs::canonical(file), to, error);
  if (error) fs::copy_file(file, to, error);
  require(!error, "{}: cannot keep it as {}: {}", file.string(), to.filename().string(),
          error.message());
}

/// The newest keeps its name all the time; the second name is created as a temporary file
/// (see run_files.cpp) and then renamed, because it replaces another file.
void keep_newest(const RunFolder& folder, uint32_t keep) {
  if (keep < 2 || !is_there(folder.checkpoint())) return;
  uint32_t oldest = 1;  // or the first age that has no file
  while (oldest < keep - 1 && is_there(folder.earlier_checkpoint(oldest))) ++oldest;
  for (uint32_t age = oldest; age > 1; --age) {
    rename_file(folder.earlier_checkpoint(age - 1), folder.earlier_checkpoint(age));
  }
  const fs::path first = folder.earlier_checkpoint(1);
  const fs::path temporary =
      folder.path() / fmt::format(".{}.{}-0.tmp", first.filename().string(), getpid());
  duplicate(folder.checkpoint(), temporary);
  rename_file(temporary, first);
  // Renaming does nothing if both already are names of one file, after a kill in this place.
  std::error_code ignored;
  fs::remove(temporary, ignored);
}

/// Nothing, and why, if the file is damaged or missing.
std::optional<io::Checkpoint> read_intact(const fs::path& file, std::string& problem) {
  try {
    io::Checkpoint checkpoint = io::Checkpoint::read(file);
    checkpoint.training();
    return checkpoint;
  } catch (const io::NewerVersion&) {
    throw;
  } catch (const Error& error) {
    problem = error.what();
    return std::nullopt;
  }
}

/// Adds to `problems` those of the files before the first one that is intact.
std::optional<io::Checkpoint> read_earlier(const RunFolder& folder, std::string& problems) {
  for (const fs::path& file : folder.earlier_checkpoints()) {
    std::string problem;
    if (auto checkpoint = read_intact(file, problem)) return checkpoint;
    problems += "; " + problem;
  }
  return std::nullopt;
}

}  // namespace

void save_checkpoint(const RunFolder& folder, const io::CheckpointContent& content, uint32_t keep) {
  io::write_checkpoint(folder.checkpoint(), content, [&] { keep_newest(folder, keep); });
}

ResumePoint resume_point(const RunFolder& folder) {
  std::string problems;
  if (auto newest = read_intact(folder.checkpoint(), problems)) return {std::move(*newest), ""};
  auto earlier = read_earlier(folder, problems);
  require(earlier.has_value(), "{}", problems);
  std::string note = fmt::format("{}; resuming from the checkpoint before, {}, of step {}",
                                 problems, earlier->file_name(), earlier->training().step);
  return {std::move(*earlier), std::move(note)};
}

void go_back_to(const RunFolder& folder, const fs::path& earlier) {
  const std::vector<fs::path> all = folder.earlier_checkpoints();
  const auto found = std::ranges::find(all, earlier);
  if (found == all.end()) return;
  rename_file(earlier, folder.checkpoint());
  std::error_code ignored;
  for (auto later = all.begin(); later != found; ++later) fs::remove(*later, ignored);
}

fs::path checkpoint_of(const fs::path& run) {
  std::error_code ignored;
  if (!fs::is_directory(run, ignored)) return run;
  const RunFolder folder(run);
  const std::vector<fs::path> earlier = folder.earlier_checkpoints();
  require(is_there(folder.checkpoint()), "{}: expected the folder of a run, found no {}{}",
          run.string(), folder.checkpoint().filename().string(),
          earlier.empty() ? "" : "; an earlier one is " + earlier[0].string());
  return folder.checkpoint();
}

io::Checkpoint read_checkpoint(const fs::path& run) {
  const fs::path file = checkpoint_of(run);
  const RunFolder folder(folder_holding(file));
  try {
    return io::Checkpoint::read(file);
  } catch (const io::NewerVersion&) {
    throw;
  } catch (const Error& error) {
    const bool is_newest = file.filename() == folder.checkpoint().filename();
    std::string ignored;
    const auto earlier = is_newest ? read_earlier(folder, ignored) : std::nullopt;
    if (!earlier) throw;
    fail("{}; the checkpoint before is intact: {}", error.what(), earlier->file_name());
  }
}

}  // namespace pumice
