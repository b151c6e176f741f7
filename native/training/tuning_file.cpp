#include "native/training/tuning_file.h"

#include <fmt/format.h>

#include <system_error>

#include "engine/base/atomic_file.h"
#include "engine/base/hash.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/base/version.h"
#include "engine/io/json_object.h"
#include "engine/io/tuning_json.h"
#include "engine/ops/tuned.h"
#include "native/system/device_text.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kFormat = 1;

uint64_t key_of(const std::string& device) {
  // The version stands for the code of CPU kernels.
  uint64_t key = extended(hash(fmt::format("{}\n{}", device, version())), kFormat);
  for (const hal::Kernel* kernel : ops::tuned_kernels()) {
    key = extended(key, hash(kernel->name));
    key = extended(key, digest(std::as_bytes(kernel->spirv)));
  }
  return key;
}

}  // namespace

TuningFile::TuningFile(const fs::path& folder, const hal::Limits& limits)
    : device_(system::device_line(limits)) {
  path_ = folder / fmt::format("tuning-{:016x}.json", key_of(device_));
}

hal::Tuning::Choices TuningFile::read(const std::function<void(const std::string&)>& warn) const
    try {
  std::error_code ignored;
  if (!fs::exists(path_, ignored)) return {};
  const io::Json json = io::parse_json(read_text(path_), path_.string());
  const io::JsonObject object(json, path_.string());
  require(object.has("choices"), "{}: expected the key 'choices'", path_.string());
  return io::choices_from_json(json["choices"].dump(), path_.string() + ": choices");
} catch (const Error& error) {
  warn(fmt::format("{}; measuring again", error.what()));
  return {};
}

void TuningFile::write(const hal::Tuning::Choices& choices) const {
  std::error_code ignored;  // writing tells
  fs::create_directories(path_.parent_path(), ignored);
  const io::Json json = {{"device", device_},
                         {"choices", io::Json::parse(io::choices_to_json(choices))}};
  write_file_atomically(path_, json.dump(2) + "\n");
}

}  // namespace pumice
