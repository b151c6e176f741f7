#include "native/formats/file_version.h"

#include "engine/base/require.h"

namespace pumice::formats {

void refuse_newer(uint32_t version, uint32_t known, const std::filesystem::path& file) {
  require(version <= known,
          "{}: a newer version of Pumice wrote this file: its format is version {}, this program "
          "reads versions up to {}",
          file.string(), version, known);
}

}  // namespace pumice::formats
