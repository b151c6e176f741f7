#include "native/system/self_test_cache.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/atomic_file.h"
#include "engine/base/hash.h"
#include "engine/base/version.h"

namespace pumice::system {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using self_test::Disabled;

constexpr int kFormat = 2;  // of the file; others are made anew

/// A new driver or a changed kernel gets a different file.
fs::path file_for(const fs::path& folder, const hal::Limits& limits) {
  uint64_t key = hash(fmt::format("{}\n{}\n{}", limits.device_name, limits.driver, version()));
  for (const hal::Kernel* kernel : self_test::core_kernels()) {
    key = extended(key, digest(std::as_bytes(kernel->spirv)));
  }
  key = extended(key, limits.subgroup_size);
  return folder / fmt::format("self-test-{:016x}.json", key);
}

json names_of(uint32_t cores) {
  json names = json::array();
  for (uint32_t i = 0; cores >> i != 0; ++i) {
    const auto core = static_cast<ops::GemmCore>(i);
    if (ops::is_disabled(cores, core)) names.push_back(ops::short_name(core));
  }
  return names;
}

uint32_t cores_of(const json& names) {
  uint32_t cores = 0;
  for (const json& name : names) {
    cores |= 1u << static_cast<uint32_t>(ops::core_named(name.get<std::string>()));
  }
  return cores;
}

json to_json(const Disabled& disabled) {
  return {{"features", disabled.features},
          {"products", names_of(disabled.cores.products)},
          {"convolutions", names_of(disabled.cores.convolutions)},
          {"weight_gradients", names_of(disabled.cores.weight_gradients)}};
}

std::optional<Disabled> verdict_in(const fs::path& file) try {
  std::ifstream stream(file);
  const json all = json::parse(stream);
  if (all.at("format") != kFormat) return {};
  const json& disabled = all.at("disabled");
  return Disabled{.features = disabled.at("features").get<uint32_t>(),
                  .cores = {.products = cores_of(disabled.at("products")),
                            .convolutions = cores_of(disabled.at("convolutions")),
                            .weight_gradients = cores_of(disabled.at("weight_gradients"))}};
} catch (const std::exception&) {  // missing, broken, or a core that no longer exists
  return {};
}

}  // namespace

std::vector<std::string> switched_off(const hal::Limits& limits, const self_test::Report& report) {
  std::vector<std::string> lines;
  for (const self_test::Row& row : report.rows) {
    if (row.verdict == self_test::Verdict::kRight || row.kind == self_test::Family::kOther)
      continue;
    lines.push_back(fmt::format("{}: the self-test of {}, core {}: {} ({}); this core is not used",
                                limits.device_name, row.family, row.variant,
                                self_test::name(row.verdict), row.problem));
  }
  return lines;
}

void remember_self_test(const hal::Limits& limits, const self_test::Report& report,
                        const fs::path& folder) try {
  if (folder.empty()) return;
  const json all = {{"format", kFormat},
                    {"device", limits.device_name},
                    {"driver", limits.driver},
                    {"form", report.form == self_test::Form::kLong ? "long" : "short"},
                    {"disabled", to_json(self_test::disabled_by(report))},
                    {"problems", switched_off(limits, report)}};
  fs::create_directories(folder);
  write_file_atomically(file_for(folder, limits), all.dump(2) + "\n");
} catch (const std::exception&) {  // the next process tests again
}

Disabled cached_self_test(hal::Device& device, const fs::path& folder,
                          const std::function<void(const std::string&)>& notify) {
  const hal::Limits& limits = device.limits();
  if (!folder.empty()) {
    if (std::optional<Disabled> verdict = verdict_in(file_for(folder, limits))) return *verdict;
  }
  const self_test::Report report = self_test::run(device, self_test::Form::kShort);
  remember_self_test(limits, report, folder);
  for (const std::string& line : switched_off(limits, report)) {
    if (notify) notify(line);
  }
  return self_test::disabled_by(report);
}

}  // namespace pumice::system
