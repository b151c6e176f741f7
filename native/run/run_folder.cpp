#include "native/run/run_folder.h"

#include <system_error>

#include "engine/base/require.h"
#include "native/report/event_file.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSamples = "samples";
constexpr const char* kReconstructions = "reconstructions";
constexpr const char* kCurves = "curves";

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  require(!error, "{}: cannot create the folder: {}", path.string(), error.message());
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

bool RunFolder::holds_run() const {
  std::error_code ignored;
  return fs::exists(checkpoint(), ignored);
}

void RunFolder::create() const { make_folder(path_); }

void RunFolder::clear() const {
  std::error_code ignored;
  for (const fs::path& path :
       {recipe(), metrics(), steps(), metrics_lines(), checkpoint(), manifold(), evaluation(),
        neighbours(), samples(), reconstructions(), path_ / kCurves}) {
    fs::remove_all(path, ignored);
  }
  for (const fs::path& file : report::event_files(path_)) fs::remove(file, ignored);
  clear_end();
}

void RunFolder::clear_end() const {
  std::error_code ignored;
  for (const fs::path& path : {samples_within_first_epoch(), latents(), interpolation(), report()})
    fs::remove(path, ignored);
}

fs::path folder_holding(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

void make_folder_of(const fs::path& path) { make_folder(path.parent_path()); }

RunFolder next_run_folder(const std::string& name) {
  for (uint32_t number = 1;; ++number) {
    fs::path path = fs::path("runs") / fmt::format("{}-{}", name, number);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return RunFolder(path);
  }
}

}  // namespace pumice
