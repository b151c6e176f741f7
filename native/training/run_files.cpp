#include "native/training/run_files.h"

#include <algorithm>
#include <regex>
#include <system_error>

#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "native/formats/origin.h"
#include "native/recipes/recipe.h"
#include "native/system/folder_lock.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_folder.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

/// Files of a run that are numbered or named after their content; curves are of the groups in
/// views/curves.cpp, or named after a metric of two words or more.
const std::regex& known_series() {
  static const std::regex names(
      R"(checkpoint-previous-\d{1,9}\.safetensors)"
      R"(|events\.out\.tfevents\.\d+\.pumice\.\d+)"
      R"(|(samples|reconstructions)/epoch-\d{4,}\.png)"
      R"(|curves/(loss|reconstruction|kl|js|em_distance|opinions|fid|inception_score|gradient_norm)"
      R"(|[a-z0-9]+_[a-z0-9_]+|accuracy|penalty)\.(png|svg))");
  return names;
}

/// ".checkpoint.safetensors.1234-0.tmp" → "checkpoint.safetensors": left by a killed process.
fs::path without_temporary(const fs::path& relative) {
  static const std::regex temporary(R"(\.(.+)\.\d+-\d+\.tmp)");
  std::smatch match;
  const std::string name = relative.filename().string();
  return std::regex_match(name, match, temporary) ? relative.parent_path() / match[1].str()
                                                  : relative;
}

bool is_known(const fs::path& relative) {
  const fs::path name = without_temporary(relative);
  return name == system::lock_file("") ||
         std::ranges::count(RunFolder("").single_files(), name) > 0 ||
         std::regex_match(name.generic_string(), known_series());
}

/// The recipe in the folder's checkpoint; empty if none can be read.
std::string recipe_of_checkpoint(const fs::path& folder) {
  try {
    return resume_point(RunFolder(folder)).checkpoint.training().recipe;
  } catch (const Error&) {
    return "";
  }
}

/// Left by a killed process or, zeros, by a power failure.
bool is_blank(const std::string& text) { return text.find_first_not_of('\0') == text.npos; }

bool is_edited_recipe(const fs::path& folder) {
  const std::string text = read_text(RunFolder(folder).recipe());
  return !is_written_recipe(text) && text != recipe_of_checkpoint(folder);
}

/// The header of a safetensors file: its length in the first eight bytes, little endian, then JSON.
/// Empty if the file ends within. Class names are near its beginning and may be long.
std::string safetensors_header(const fs::path& file) {
  constexpr size_t kLength = 8, kMost = size_t{64} << 20;
  const std::string length = formats::beginning_of(file, kLength);
  uint64_t bytes = 0;
  for (size_t i = length.size(); i-- > 0;) bytes = bytes << 8 | static_cast<uint8_t>(length[i]);
  const std::string text = formats::beginning_of(file, kLength + std::min<uint64_t>(bytes, kMost));
  const bool is_whole = text.size() == kLength + std::min<uint64_t>(bytes, kMost);
  return is_whole ? text.substr(kLength) : "";
}

// A file without a header is a damaged checkpoint, which a run may replace.
bool is_other_checkpoint(const fs::path& file) {
  const std::string header = safetensors_header(file);
  return header.starts_with('{') && header.find("\"epoch\":\"") == header.npos;
}

/// Whether a text begins like a run's file, or did before a power failure cut or blanked it.
bool begins_as(std::string_view text, std::string_view mark) {
  return text.starts_with(mark) || mark.starts_with(text.substr(0, text.find('\0')));
}

/// Whether a file that is named like a run's has a run's content.
bool has_own_content(const fs::path& folder, const fs::path& relative) {
  const RunFolder names("");
  if (relative == names.recipe()) return !is_edited_recipe(folder);
  const std::string text = formats::beginning_of(folder / relative);
  if (is_blank(text)) return true;
  if (relative.extension() == names.checkpoint().extension())
    return !is_other_checkpoint(folder / relative);
  if (relative == names.metrics()) return begins_as(text, "epoch,train_");
  if (relative == names.steps()) return begins_as(text, "step,train_");
  if (relative == names.metrics_lines()) {  // the second: a line that comes from a checkpoint
    return begins_as(text, R"({"device":)") || begins_as(text, R"({"epoch":1,"test":{)");
  }
  if (relative == names.length() && begins_as(text, "{\n  \"generator\": \"Pumice\"")) return true;
  if (relative == names.failure()) return text.starts_with(kFailureMark);
  const bool is_marked_kind = formats::leaves_mark(relative);
  return !is_marked_kind || formats::was_written_by_pumice(folder / relative);
}

void sort_file(const fs::path& folder, const fs::path& relative, bool by_name, RunFiles& files) {
  if (!is_known(relative)) {
    const bool own = formats::was_written_by_pumice(folder / relative);
    (own ? files.own : files.foreign).push_back(relative);
    return;
  }
  const bool is_recipe = relative == RunFolder("").recipe();
  const bool own = (by_name && !is_recipe) || has_own_content(folder, relative);
  (own ? files.own : files.replaced).push_back(relative);
}

bool is_own_folder(const fs::path& relative) {
  return relative == "samples" || relative == "reconstructions" || relative == "curves";
}

void sort_entries(const fs::path& folder, const fs::path& below, bool by_name, RunFiles& files) {
  std::vector<fs::directory_entry> entries;
  try {
    for (const auto& entry : fs::directory_iterator(folder / below)) entries.push_back(entry);
  } catch (const fs::filesystem_error& error) {
    fail("{}: cannot list the folder: {}", (folder / below).string(), error.code().message());
  }
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const fs::path relative = below / entry.path().filename();
    const bool is_link = entry.is_symlink();
    if (!is_link && entry.is_directory() && is_own_folder(relative)) {
      files.folders.push_back(relative);
      sort_entries(folder, relative, by_name, files);
    } else if (!is_link && entry.is_regular_file()) {
      sort_file(folder, relative, by_name, files);
    } else {
      files.foreign.push_back(relative);
    }
  }
}

}  // namespace

bool is_temporary(const fs::path& relative) {
  return without_temporary(relative) != relative && is_known(relative);
}

RunFiles files_of_run(const fs::path& folder) {
  RunFiles files;
  std::error_code ignored;
  const bool by_name = !system::is_marked(folder) || system::is_of_earlier_version(folder);
  if (fs::is_directory(folder, ignored)) sort_entries(folder, "", by_name, files);
  return files;
}

bool is_written_recipe(const std::string& text) {
  if (is_blank(text)) return true;
  try {
    return to_toml(parse_recipe(text, "recipe")) == text;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace pumice
