#include "native/formats/lost_rows.h"

#include <fmt/format.h>

#include "engine/base/count_of.h"

namespace pumice::formats {

void warn_of_lost_rows(const std::filesystem::path& path, const LostRows& lost, const Warn& warn) {
  if (lost.numbers.empty()) return;
  const uint64_t first = lost.numbers.front(), last = lost.numbers.back();
  const std::string range = first == last ? fmt::format("{} {}", lost.key, first)
                                          : fmt::format("{}s {} to {}", lost.key, first, last);
  warn(fmt::format("{}: {}; {} of {} were lost ({}): {}", path.string(),
                   lost.problem.empty() ? "rows are missing" : lost.problem, lost.numbers.size(),
                   count_of(lost.expected, "row"), range, lost.substitute));
}

}  // namespace pumice::formats
