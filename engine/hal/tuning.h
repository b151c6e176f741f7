#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace pumice::hal {

/// Which of several kernels computes something, and into how many parts it splits its sums.
struct KernelChoice {
  std::string variant;  ///< "block_64"
  uint32_t parts = 1;
  bool operator==(const KernelChoice&) const = default;
};

/// The choices measured for a device, by family and shape: "matmul 128x512x784 nt". Ops look them
/// up in Limits::tuning and follow a fixed rule for what is missing, which is recorded. Choices
/// decide the order of sums, so the same table gives the same bits. Thread-safe.
class Tuning {
 public:
  using Choices = std::map<std::string, KernelChoice>;
  /// What is missing, by key, with the op's own description of it.
  using Wanted = std::map<std::string, std::any>;

  Tuning() = default;
  explicit Tuning(Choices choices) : choices_(std::move(choices)) {}

  /// The choice for `key`; if there is none, records that `problem` wants one.
  std::optional<KernelChoice> find(const std::string& key, const std::any& problem) {
    const std::lock_guard lock(mutex_);
    if (const auto at = choices_.find(key); at != choices_.end()) return at->second;
    wanted_.emplace(key, problem);
    return std::nullopt;
  }

  Choices choices() const {
    const std::lock_guard lock(mutex_);
    return choices_;
  }
  Wanted wanted() const {
    const std::lock_guard lock(mutex_);
    return wanted_;
  }

 private:
  mutable std::mutex mutex_;
  Choices choices_;
  Wanted wanted_;
};

}  // namespace pumice::hal
