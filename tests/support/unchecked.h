#pragma once

#include <string>

#include "engine/io/checksum.h"

namespace pumice::test {

/// The metadata of a checkpoint without its checksum, for tests that change other things.
inline io::Metadata unchecked(io::Metadata metadata) {
  metadata.erase(io::kChecksum);
  return metadata;
}

/// The same for a whole file: its checksum gets a key that nobody knows.
inline std::string unchecked(std::string file) {
  const std::string key = io::kChecksum;
  file.replace(file.find(key), key.size(), std::string(key.size(), 'x'));
  return file;
}

}  // namespace pumice::test
