#include "native/system/self_test_cache.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/atomic_file.h"
#include "engine/data/hash.h"
#include "engine/ops/self_test.h"

namespace pumice::system {
namespace {

namespace fs = std::filesystem;

/// A new driver or a changed kernel gets a different file.
fs::path file_for(const fs::path& folder, const hal::Limits& limits, const hal::Kernel& kernel) {
  uint64_t key = data::hash(limits.device_name + '\n' + limits.driver);
  key = data::extended(key, data::digest(std::as_bytes(kernel.spirv)));
  key = data::extended(key, limits.subgroup_size);
  return folder / fmt::format("self-test-{:016x}.json", key);
}

std::optional<uint32_t> verdict_in(const fs::path& file) {
  std::ifstream stream(file);
  auto json = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("wrong_features")) return {};
  if (!json["wrong_features"].is_number_unsigned()) return {};
  return json["wrong_features"].get<uint32_t>();
}

void keep(const fs::path& file, const hal::Limits& limits, const hal::Kernel& kernel,
          uint32_t wrong) try {
  nlohmann::json json = {{"device", limits.device_name},
                         {"driver", limits.driver},
                         {"kernel", kernel.name},
                         {"wrong_features", wrong}};
  fs::create_directories(file.parent_path());
  write_file_atomically(file, json.dump(2) + "\n");
} catch (const std::exception&) {  // the next process tests again
}

}  // namespace

uint32_t cached_wrong_features(hal::Device& device, const fs::path& folder) {
  const hal::Limits& limits = device.limits();
  const hal::Kernel* kernel = ops::self_tested_kernel(limits);
  if (!kernel || folder.empty()) return ops::wrong_features(device);
  const fs::path file = file_for(folder, limits, *kernel);
  if (std::optional<uint32_t> verdict = verdict_in(file)) return *verdict;
  const uint32_t wrong = ops::wrong_features(device);
  keep(file, limits, *kernel, wrong);
  return wrong;
}

}  // namespace pumice::system
