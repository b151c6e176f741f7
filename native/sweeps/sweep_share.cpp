#include "native/sweeps/sweep_share.h"

#include <charconv>

#include "engine/base/require.h"
#include "native/system/folder_lock.h"

namespace pumice {
namespace {

std::optional<uint32_t> number_in(std::string_view text) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

std::string SweepShare::text() const {
  return mode == Mode::kArray ? fmt::format("{}/{}", index, count) : "";
}

SweepShare parse_array(const std::string& text) {
  const size_t slash = std::min(text.find('/'), text.size());
  const auto index = number_in(std::string_view(text).substr(0, slash));
  const auto count = number_in(std::string_view(text).substr(std::min(slash + 1, text.size())));
  require(index && count && *index < *count,
          "--array: expected INDEX/COUNT, such as 0/4 to 3/4, found '{}'", text);
  return {.mode = SweepShare::Mode::kArray, .index = *index, .count = *count};
}

bool RunClaims::take(const SweepRun& run) {
  if (held_.contains(run.folder)) return true;
  system::make_folder(folder_);
  std::optional<system::FileLock> lock = system::FileLock::try_take(folder_ / run.folder);
  if (!lock) return false;
  held_.emplace(run.folder, std::move(*lock));
  return true;
}

}  // namespace pumice
