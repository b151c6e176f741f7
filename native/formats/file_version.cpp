#include "native/formats/file_version.h"

#include "engine/io/checkpoint_header.h"

namespace pumice::formats {

void refuse_newer(uint32_t version, uint32_t known, const std::filesystem::path& file) {
  if (version <= known) return;
  throw io::NewerVersion(
      fmt::format("{}: a newer version of Pumice wrote this file: its format is version {}, this "
                  "program reads versions up to {}",
                  file.string(), version, known));
}

}  // namespace pumice::formats
