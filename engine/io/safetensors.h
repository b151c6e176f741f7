#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/shape.h"
#include "engine/io/element_type.h"

namespace pumice::io {

/// One tensor of a file, row-major and little-endian. Does not own the bytes.
struct NamedTensor {
  std::string name;
  ElementType dtype = ElementType::kF32;
  Shape shape;
  std::span<const std::byte> bytes;
};

/// Free-form text stored in the header.
using Metadata = std::map<std::string, std::string>;

/// An entry of a header: a tensor whose bytes are [begin, end) of the data after the header.
struct TensorEntry {
  std::string name;
  ElementType dtype = ElementType::kF32;
  Shape shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// The reference implementation's limit, which prevents a damaged length from causing a huge parse.
inline constexpr uint64_t kMaxHeaderBytes = 100'000'000;

/// The header of a file, which describes its tensors.
class SafetensorsHeader {
 public:
  /// `beginning`: the first bytes of a file of `file_bytes`, at least its header; error messages
  /// begin with `file_name`. Throws Error if anything in the header violates the format, if it does
  /// not match the file's size, or if a tensor's dtype is not F32, F16, U32 or U8.
  SafetensorsHeader(std::span<const std::byte> beginning, uint64_t file_bytes,
                    std::string file_name);
  /// Reads the header alone. Throws Error also if the file cannot be read.
  static SafetensorsHeader read(const std::filesystem::path& path);

  const std::string& file_name() const { return file_name_; }
  const Metadata& metadata() const { return metadata_; }
  /// Throws Error if the metadata has no such key.
  const std::string& metadata(const std::string& key) const;
  /// Sorted by name.
  const std::vector<TensorEntry>& tensors() const { return tensors_; }
  /// Where the data begins in the file.
  uint64_t data_begin() const { return data_begin_; }

 private:
  std::string file_name_;
  uint64_t data_begin_ = 0;
  Metadata metadata_;
  std::vector<TensorEntry> tensors_;
};

/// A file in memory (the format of https://huggingface.co/docs/safetensors): an 8-byte header
/// length, a JSON header, and the tensors' bytes.
class Safetensors {
 public:
  /// Takes a file's bytes; error messages begin with `file_name`. Throws Error if anything in it
  /// violates the format, or if a tensor's dtype is not F32, F16, U32 or U8.
  Safetensors(std::vector<std::byte> file, std::string file_name);

  // A copy's tensors would point into the original's bytes.
  Safetensors(Safetensors&&) = default;
  Safetensors& operator=(Safetensors&&) = default;

  /// Reads a file. Throws Error as the constructor does, and if the file cannot be read.
  static Safetensors read(const std::filesystem::path& path);

  const SafetensorsHeader& header() const { return header_; }
  const std::string& file_name() const { return header_.file_name(); }
  const Metadata& metadata() const { return header_.metadata(); }

  /// Sorted by name. The bytes live as long as this object, even if it is moved.
  const std::vector<NamedTensor>& tensors() const { return tensors_; }

  /// nullptr if the file has no such tensor.
  const NamedTensor* find(std::string_view name) const;

  /// Throws Error if the file has no such tensor.
  const NamedTensor& tensor(std::string_view name) const;

  /// Throws Error if the metadata has no such key.
  const std::string& metadata(const std::string& key) const { return header_.metadata(key); }

 private:
  std::vector<std::byte> bytes_;
  SafetensorsHeader header_;
  std::vector<NamedTensor> tensors_;
};

/// The header of a file: length and JSON, padded so that the tensors begin 8-aligned. The tensors'
/// bytes follow in `file_order`. Throws Error for a repeated name, for bytes that do not match the
/// shape, and for text that is not UTF-8.
std::string safetensors_header(std::span<const NamedTensor> tensors, const Metadata& metadata);
/// The same with the entries' own offsets.
std::string safetensors_header(std::span<const TensorEntry> tensors, const Metadata& metadata);

/// The order of the tensors in a file: the largest types first, so that all are aligned; then by
/// name.
std::vector<NamedTensor> file_order(std::span<const NamedTensor> tensors);

/// Writes a file atomically. The same content gives the same bytes. Throws Error as
/// safetensors_header and write_file_atomically do. `before_replacing`: see write_file_atomically.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const Metadata& metadata,
                       const std::function<void()>& before_replacing = {});

/// The bytes of that file. Throws Error as safetensors_header does.
std::vector<std::byte> safetensors_bytes(std::span<const NamedTensor> tensors,
                                         const Metadata& metadata);

}  // namespace pumice::io
