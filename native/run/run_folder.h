#pragma once

#include <filesystem>
#include <string>

namespace pumice {

/// Where a run keeps what.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path recipe() const { return path_ / "recipe.toml"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  std::filesystem::path steps() const { return path_ / "steps.csv"; }
  std::filesystem::path metrics_lines() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path interpolation() const { return path_ / "interpolation.png"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  /// Of a group of figures, "loss".
  std::filesystem::path curve(const std::string& group, const std::string& extension) const;
  std::filesystem::path manifold() const { return path_ / "manifold.png"; }
  std::filesystem::path latents() const { return path_ / "latents.png"; }
  /// Of `pumice evaluate`.
  std::filesystem::path evaluation() const { return path_ / "evaluation.json"; }
  std::filesystem::path neighbours() const { return path_ / "neighbours.png"; }
  std::filesystem::path samples() const;  ///< the folder of those by epoch
  std::filesystem::path samples(uint32_t epoch) const;
  /// Of a run that stopped before its first epoch ended.
  std::filesystem::path samples_within_first_epoch() const;
  std::filesystem::path reconstructions() const;
  std::filesystem::path reconstructions(uint32_t epoch) const;

  bool holds_run() const;
  /// Makes the folder of a run. Throws Error when that fails.
  void create() const;
  /// Takes away what an earlier run left, and only that.
  void clear() const;
  /// Takes away what is drawn where a run ends or stops: one that goes on draws it anew.
  void clear_end() const;

 private:
  std::filesystem::path path_;
};

/// The folder that a file lies in: "." where its path names none.
std::filesystem::path folder_holding(const std::filesystem::path& file);

/// Makes the folder that `path` lies in, unless it is there. Throws Error when that fails.
void make_folder_of(const std::filesystem::path& path);

/// runs/<name>-1, or with the first number that is free.
RunFolder next_run_folder(const std::string& name);

}  // namespace pumice
