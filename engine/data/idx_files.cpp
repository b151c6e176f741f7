#include "engine/data/idx_files.h"

#include <algorithm>
#include <regex>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "engine/base/require.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  std::string family;  ///< "emnist-letters-", usually empty
  std::string name;
  fs::path path;
};

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Some unpackers put the file into a folder of the same name.
std::optional<fs::path> file_at(const fs::path& path) {
  if (is_file(path)) return path;
  std::error_code ignored;
  std::vector<fs::path> inner;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, ignored)) {
    if (is_file(entry.path())) inner.push_back(entry.path());
  }
  const fs::path same = path / path.filename();
  if (is_file(same)) return same;
  return inner.size() == 1 ? std::optional(inner[0]) : std::nullopt;
}

// Prefers dashed to dotted names, then plain to compressed files.
bool is_preferred(const Candidate& a, const Candidate& b) {
  auto rank = [](const Candidate& candidate) {
    return std::tuple(candidate.family, candidate.name.ends_with(".gz"),
                      candidate.name.find(".idx") != std::string::npos, candidate.name);
  };
  return rank(a) < rank(b);
}

std::vector<Candidate> candidates_in(const fs::path& folder, Split split,
                                     std::string_view content) {
  const std::regex pattern(fmt::format("(|.+-)({})-{}[-.]idx[0-9]-(ubyte|int)(\\.gz)?",
                                       split == Split::kTrain ? "train" : "t10k|test", content));
  std::vector<Candidate> candidates;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    std::smatch match;
    if (name.starts_with('.') || !std::regex_match(name, match, pattern)) continue;
    if (auto path = file_at(entry.path())) candidates.push_back({match[1], name, *path});
  }
  std::sort(candidates.begin(), candidates.end(), is_preferred);
  return candidates;
}

}  // namespace

std::optional<fs::path> find_idx_file(const fs::path& folder, Split split,
                                      std::string_view content) {
  const std::vector<Candidate> candidates = candidates_in(folder, split, content);
  if (candidates.empty()) return {};
  const Candidate& first = candidates.front();
  const Candidate& last = candidates.back();
  require(first.family.empty() || first.family == last.family,
          "{}: holds several data sets, including {} and {}: put the files of each into a "
          "separate folder",
          folder.string(), first.name, last.name);
  return first.path;
}

}  // namespace pumice::data
