#pragma once

#include <span>
#include <string>

#include "engine/base/require.h"
#include "engine/io/safetensors.h"

namespace pumice::io {

/// The metadata's key for the checksum.
inline constexpr const char* kChecksum = "pumice.checksum";

/// A checksum, 16 hexadecimal digits, of everything that a file's content means: every key and text
/// of the metadata except kChecksum, and every tensor's name, type, shape and bytes, in the order
/// of the names. The order of the bytes in the file and spaces in its header do not count. It
/// detects damage, not forgery: 64 bits by hash.h's digest().
std::string checksum_of(std::span<const NamedTensor> tensors, const Metadata& metadata);

/// A file's content is not what was written.
class Damaged : public Error {
 public:
  using Error::Error;
};

/// Throws Damaged, "FILE: damaged: its checksum is …, expected …", if the file has a checksum that
/// its content does not have. Files of earlier versions and of other programs have none.
void require_intact(const Safetensors& file);

}  // namespace pumice::io
