#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pumice {

struct RunFiles;

/// The first words of failure.txt.
inline constexpr std::string_view kFailureMark = "pumice train: ";

/// The paths in a run's folder.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path recipe() const { return path_ / "recipe.toml"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  std::filesystem::path steps() const { return path_ / "steps.csv"; }
  std::filesystem::path metrics_lines() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path interpolation() const { return path_ / "interpolation.png"; }
  /// Samples on their way from noise, of models that decode in several passes.
  std::filesystem::path passes() const { return path_ / "passes.png"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  /// The newest.
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  /// The one saved `age` saves before the newest: 1, 2, …
  std::filesystem::path earlier_checkpoint(uint32_t age) const;
  /// Those that exist, the latest first.
  std::vector<std::filesystem::path> earlier_checkpoints() const;
  /// See RunLength.
  std::filesystem::path length() const { return path_ / "length.json"; }
  /// `group`: of metrics, such as "loss".
  std::filesystem::path curve(const std::string& group, const std::string& extension) const;
  std::filesystem::path manifold() const { return path_ / "manifold.png"; }
  std::filesystem::path latents() const { return path_ / "latents.png"; }
  /// The same points as numbers.
  std::filesystem::path latent_points() const { return path_ / "latents.json"; }
  /// Written by `pumice evaluate`.
  std::filesystem::path evaluation() const { return path_ / "evaluation.json"; }
  std::filesystem::path neighbours() const { return path_ / "neighbours.png"; }
  std::filesystem::path samples() const;  ///< the folder of the samples by epoch
  std::filesystem::path samples(uint32_t epoch) const;
  /// Of a run that stopped before its first epoch ended.
  std::filesystem::path samples_within_first_epoch() const;
  std::filesystem::path reconstructions() const;
  std::filesystem::path reconstructions(uint32_t epoch) const;

  /// Why a run of a sweep failed.
  std::filesystem::path failure() const { return path_ / "failure.txt"; }

  /// All of these except earlier checkpoints, images by epoch and curves.
  std::vector<std::filesystem::path> single_files() const;

  /// Whether there is a checkpoint, be it an earlier one.
  bool holds_run() const;
  /// Throws Error unless a new run may use the folder: it is missing or empty, or everything in it
  /// was written by Pumice for an earlier run that saved nothing or that `force` allows to replace.
  /// Changes nothing.
  void require_free(bool force) const;
  /// Whether a run wrote the folder; false for a folder into which a checkpoint was copied.
  bool was_written_by_run() const;
  /// Whether a run of an earlier version wrote it, whose files carry no mark.
  bool is_of_earlier_version() const;
  /// Throws Error unless a run wrote the folder.
  void require_run() const;
  /// Throws Error unless the run of the folder's checkpoint may write to it: every file that it
  /// would overwrite, including the recipe, must be its own. `recipe`: the checkpoint's, as TOML.
  /// Changes nothing.
  void require_resumable(const std::string& recipe) const;
  /// Whether the recipe's file lacks the end of `recipe`, as after a power failure.
  bool has_cut_recipe(const std::string& recipe) const;
  /// Removes the files of an earlier run. If there are other files, removes nothing and throws
  /// Error.
  void clear() const;
  /// Removes what killed processes left half written.
  void clear_temporaries() const;
  /// Removes what is drawn when a run ends or stops: a resumed run draws it again.
  void clear_end() const;

 private:
  void require_no_foreign(const RunFiles& files) const;
  void require_none_replaced(const RunFiles& files) const;

  std::filesystem::path path_;
};

/// The folder that contains the file; "." if its path has none.
std::filesystem::path folder_holding(const std::filesystem::path& file);

/// Creates the folder that contains `path` if it is missing. Throws Error when that fails.
void make_folder_of(const std::filesystem::path& path);

}  // namespace pumice
