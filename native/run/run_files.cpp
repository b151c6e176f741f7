#include "native/run/run_files.h"

#include <algorithm>
#include <regex>
#include <system_error>

#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/checkpoint.h"
#include "native/recipes/recipe.h"
#include "native/report/origin.h"
#include "native/run/run_folder.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

/// Names in a run's folder, with '/': what RunFolder and the writers in it use.
const std::regex& known_names() {
  static const std::regex names(
      R"(\.pumice|recipe\.toml|checkpoint\.safetensors|failure\.txt)"
      R"(|(metrics|steps)\.csv|metrics\.jsonl|events\.out\.tfevents\.\d+\.pumice\.\d+)"
      R"(|(interpolation|manifold|latents|neighbours)\.png|report\.html|evaluation\.json)"
      R"(|(samples|reconstructions)/(epoch-\d{4,}|within-epoch-0001)\.png)"
      R"(|curves/(loss|reconstruction|kl|js|em_distance|opinions|fid|inception_score|gradient_norm)"
      R"(|[a-z0-9]+_[a-z0-9_]+|accuracy|penalty)\.(png|svg))");
  return names;
}

/// ".checkpoint.safetensors.1234-0.tmp" → "checkpoint.safetensors": what a killed process left.
fs::path without_temporary(const fs::path& relative) {
  static const std::regex temporary(R"(\.(.+)\.\d+-\d+\.tmp)");
  std::smatch match;
  const std::string name = relative.filename().string();
  return std::regex_match(name, match, temporary) ? relative.parent_path() / match[1].str()
                                                  : relative;
}

bool is_known(const fs::path& relative) {
  return std::regex_match(without_temporary(relative).generic_string(), known_names());
}

/// The recipe as the folder's checkpoint has it; empty where that cannot be read.
std::string recipe_of_checkpoint(const fs::path& folder) {
  try {
    return io::Checkpoint::read(RunFolder(folder).checkpoint()).training().recipe;
  } catch (const Error&) {
    return "";
  }
}

bool is_edited_recipe(const fs::path& folder) {
  const std::string text = read_text(RunFolder(folder).recipe());
  return !is_written_recipe(text) && text != recipe_of_checkpoint(folder);
}

bool is_own_file(const fs::path& folder, const fs::path& relative) {
  if (relative == RunFolder("").recipe()) return !is_edited_recipe(folder);
  return is_known(relative) || report::was_written_by_pumice(folder / relative);
}

bool is_own_folder(const fs::path& relative) {
  return relative == "samples" || relative == "reconstructions" || relative == "curves";
}

void sort_entries(const fs::path& folder, const fs::path& below, RunFiles& files) {
  std::vector<fs::directory_entry> entries;
  try {
    for (const auto& entry : fs::directory_iterator(folder / below)) entries.push_back(entry);
  } catch (const fs::filesystem_error& error) {
    fail("{}: cannot list the folder: {}", (folder / below).string(), error.code().message());
  }
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const fs::path relative = below / entry.path().filename();
    if (entry.is_symlink()) {
      files.foreign.push_back(relative);
    } else if (entry.is_directory() && is_own_folder(relative)) {
      files.folders.push_back(relative);
      sort_entries(folder, relative, files);
    } else {
      const bool own = entry.is_regular_file() && is_own_file(folder, relative);
      (own ? files.own : files.foreign).push_back(relative);
    }
  }
}

}  // namespace

RunFiles files_of_run(const fs::path& folder) {
  RunFiles files;
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) sort_entries(folder, "", files);
  return files;
}

bool is_written_recipe(const std::string& text) {
  try {
    return to_toml(parse_recipe(text, "recipe")) == text;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace pumice
