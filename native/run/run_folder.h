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
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  /// Of a group of figures, "loss".
  std::filesystem::path curve(const std::string& group, const std::string& extension) const;
  std::filesystem::path manifold() const { return path_ / "manifold.png"; }
  std::filesystem::path latents() const { return path_ / "latents.png"; }
  /// Of `pumice evaluate`.
  std::filesystem::path evaluation() const { return path_ / "evaluation.json"; }
  std::filesystem::path neighbours() const { return path_ / "neighbours.png"; }
  std::filesystem::path samples(uint32_t epoch) const;
  std::filesystem::path reconstructions(uint32_t epoch) const;

  bool holds_run() const;
  /// Makes the folders. Throws Error when that fails.
  void create() const;
  /// Takes away what an earlier run left, and only that.
  void clear() const;

 private:
  std::filesystem::path path_;
};

/// runs/<name>-1, or with the first number that is free.
RunFolder next_run_folder(const std::string& name);

}  // namespace pumice
