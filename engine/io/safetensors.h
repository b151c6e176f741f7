#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/dtype.h"
#include "engine/base/shape.h"

namespace pumice::io {

/// One tensor of a file, row-major and little-endian. The bytes belong to someone else.
struct NamedTensor {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  std::span<const std::byte> bytes;
};

/// Free text that travels in the header.
using Metadata = std::map<std::string, std::string>;

/// A file in memory (the format of https://huggingface.co/docs/safetensors): an 8-byte header
/// length, a JSON header, and the tensors' bytes.
class Safetensors {
 public:
  /// Takes a file's bytes; `file_name` begins the error messages. Throws Error when anything in it
  /// contradicts the format, or when a tensor's dtype is none of F32, U32 and U8.
  Safetensors(std::vector<std::byte> file, std::string file_name);

  // A copy's tensors would point into the original's bytes.
  Safetensors(Safetensors&&) = default;
  Safetensors& operator=(Safetensors&&) = default;

  /// Reads a file. Throws Error as the constructor does, and when the file cannot be read.
  static Safetensors read(const std::filesystem::path& path);

  const std::string& file_name() const { return file_name_; }
  const Metadata& metadata() const { return metadata_; }

  /// Sorted by name. The bytes live as long as this object, also when it is moved.
  const std::vector<NamedTensor>& tensors() const { return tensors_; }

  /// nullptr when the file has no such tensor.
  const NamedTensor* find(std::string_view name) const;

  /// Throws Error when the file has no such tensor.
  const NamedTensor& tensor(std::string_view name) const;

  /// Throws Error when the metadata has no such key.
  const std::string& metadata(const std::string& key) const;

 private:
  std::vector<std::byte> bytes_;
  std::string file_name_;
  Metadata metadata_;
  std::vector<NamedTensor> tensors_;
};

/// The header of a file: length and JSON, padded so that the tensors begin 8-aligned. The tensors'
/// bytes follow in `file_order`. Throws Error for a name used twice, for bytes that do not fit the
/// shape, and for text that is not UTF-8.
std::string safetensors_header(std::span<const NamedTensor> tensors, const Metadata& metadata);

/// The order of the tensors in a file: four-byte types first, so that all are aligned; then by
/// name.
std::vector<NamedTensor> file_order(std::span<const NamedTensor> tensors);

/// Writes a file atomically. The same content gives the same bytes. Throws Error as
/// safetensors_header and write_file_atomically do.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const Metadata& metadata);

}  // namespace pumice::io
