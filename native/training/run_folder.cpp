#include "native/training/run_folder.h"

#include <algorithm>
#include <map>
#include <regex>
#include <system_error>

#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "native/system/folder_lock.h"
#include "native/system/shell.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_files.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSamples = "samples";
constexpr const char* kReconstructions = "reconstructions";
constexpr const char* kCurves = "curves";
constexpr const char* kEarlier = "checkpoint-previous-";

bool holds_checkpoint_of_ours(const RunFolder& folder) {
  try {
    if (!folder.holds_run()) return false;
    resume_point(folder);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Whether it is the beginning of `whole`, perhaps with its end blanked: what a power failure
/// leaves.
bool is_cut(std::string_view text, std::string_view whole) {
  const std::string_view intact = text.substr(0, text.find('\0'));
  return intact.size() < whole.size() && whole.starts_with(intact);
}

}  // namespace

fs::path RunFolder::samples() const { return path_ / kSamples; }

fs::path RunFolder::reconstructions() const { return path_ / kReconstructions; }

fs::path RunFolder::samples(uint32_t epoch) const {
  return samples() / fmt::format("epoch-{:04}.png", epoch);
}

fs::path RunFolder::samples_within_first_epoch() const {
  return samples() / "within-epoch-0001.png";
}

fs::path RunFolder::reconstructions(uint32_t epoch) const {
  return reconstructions() / fmt::format("epoch-{:04}.png", epoch);
}

fs::path RunFolder::curve(const std::string& group, const std::string& extension) const {
  return path_ / kCurves / fmt::format("{}.{}", group, extension);
}

fs::path RunFolder::earlier_checkpoint(uint32_t age) const {
  return path_ / fmt::format("{}{}{}", kEarlier, age, checkpoint().extension().string());
}

// A killed process may leave a gap in the numbers.
std::vector<fs::path> RunFolder::earlier_checkpoints() const {
  static const std::regex pattern(std::string(kEarlier) + R"((\d{1,9})\.safetensors)");
  std::map<unsigned long, fs::path> by_age;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    const std::string name = entry.path().filename().string();
    std::smatch match;
    if (std::regex_match(name, match, pattern)) by_age[std::stoul(match[1])] = entry.path();
  }
  std::vector<fs::path> files;
  for (const auto& [age, file] : by_age) files.push_back(file);
  return files;
}

std::vector<fs::path> RunFolder::single_files() const {
  return {recipe(),        checkpoint(), metrics(), steps(),      metrics_lines(),
          interpolation(), manifold(),   latents(), neighbours(), samples_within_first_epoch(),
          report(),        evaluation(), failure(), passes(),     length(),
          latent_points()};
}

bool RunFolder::holds_run() const {
  std::error_code ignored;
  return fs::exists(checkpoint(), ignored) || !earlier_checkpoints().empty();
}

void RunFolder::require_free(bool force) const {
  std::error_code ignored;
  require(!fs::exists(path_, ignored) || fs::is_directory(path_, ignored),
          "{}: expected a folder for the run, found a file", path_.string());
  const RunFiles files = files_of_run(path_);
  require_no_foreign(files);
  const bool is_ours =
      files.own.empty() || system::is_marked(path_) || holds_checkpoint_of_ours(*this);
  require(is_ours, "{} holds {}, not a run: choose another folder for the run (--out)",
          path_.string(), files.own.empty() ? "" : files.own[0].string());
  require(force || !holds_run(),
          "{} already holds a run; resume it (--resume {}), or replace it (--force)",
          path_.string(), system::shell_word(path_.string()));
}

bool RunFolder::was_written_by_run() const {
  if (system::is_marked(path_)) return true;
  const RunFiles files = files_of_run(path_);
  const bool has_recipe = std::ranges::count(files.own, recipe().filename()) > 0;
  const bool is_alone = files.own.size() == 1 && files.foreign.empty();
  return holds_run() && (has_recipe || is_alone);
}

bool RunFolder::is_of_earlier_version() const {
  return was_written_by_run() &&
         (!system::is_marked(path_) || system::is_of_earlier_version(path_));
}

void RunFolder::require_run() const {
  require(was_written_by_run(),
          "{}: expected the folder of a run, with its {} beside the {}; to continue a checkpoint "
          "elsewhere, put it into an empty folder",
          path_.string(), recipe().filename().string(), checkpoint().filename().string());
}

bool RunFolder::has_cut_recipe(const std::string& recipe) const {
  std::error_code ignored;
  return fs::exists(this->recipe(), ignored) && is_cut(read_text(this->recipe()), recipe);
}

void RunFolder::require_resumable(const std::string& recipe) const {
  std::error_code ignored;
  if (fs::exists(this->recipe(), ignored)) {
    const std::string text = read_text(this->recipe());
    require(text == recipe || is_written_recipe(text) || is_cut(text, recipe),
            "{}: was edited; a resumed run uses the recipe in its checkpoint, and would overwrite "
            "this file: move it away (for more epochs: --epochs N)",
            this->recipe().string());
  }
  RunFiles files = files_of_run(path_);
  std::erase(files.replaced, this->recipe().filename());
  require_none_replaced(files);
}

void RunFolder::require_none_replaced(const RunFiles& files) const {
  if (files.replaced.empty()) return;
  fail("{}: Pumice did not write this file, and the run would overwrite it: move it away",
       (path_ / files.replaced[0]).string());
}

void RunFolder::require_no_foreign(const RunFiles& files) const {
  std::vector<fs::path> others = files.replaced;
  others.insert(others.end(), files.foreign.begin(), files.foreign.end());
  if (others.empty()) return;
  const std::string more = others.size() == 1 ? "" : fmt::format(" and {} more", others.size() - 1);
  fail("{} holds {}{}, which no run wrote: nothing was changed; choose another folder (--out)",
       path_.string(), others[0].string(), more);
}

void RunFolder::clear() const {
  const RunFiles files = files_of_run(path_);
  require_no_foreign(files);
  std::error_code ignored;
  for (const fs::path& file : files.own) {
    if (path_ / file != system::lock_file(path_)) fs::remove(path_ / file, ignored);
  }
  for (const fs::path& folder : files.folders) fs::remove(path_ / folder, ignored);
}

void RunFolder::clear_temporaries() const {
  std::error_code ignored;
  for (const fs::path& file : files_of_run(path_).own) {
    if (is_temporary(file)) fs::remove(path_ / file, ignored);
  }
}

void RunFolder::clear_end() const {
  std::error_code ignored;
  for (const fs::path& path : {samples_within_first_epoch(), latents(), latent_points(),
                               interpolation(), passes(), report()}) {
    fs::remove(path, ignored);
  }
}

fs::path folder_holding(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

void make_folder_of(const fs::path& path) { system::make_folder(path.parent_path()); }

}  // namespace pumice
