#pragma once

#include "engine/io/checkpoint.h"
#include "engine/io/latent_map.h"

namespace pumice::io {

// An exported file is a checkpoint with only what decodes and, if the model has an encoder,
// encodes: without the state of training, without discriminators, and, if there is an average of
// weights, without the weights themselves. Its metadata has one more key, `exported`: "decode" or
// "decode, encode". Its tensors keep their names; f32 may have become f16. It may hold a map: see
// latent_map.h.

/// Bytes [begin, end) of a file.
struct ByteRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool operator==(const ByteRange&) const = default;
};

/// The part of a checkpoint's file from which an exported file is put together.
struct Excerpt {
  std::string header;  ///< of the exported file, whose data are
  std::vector<ByteRange>
      ranges;  ///< these bytes of the checkpoint's file; adjacent ones are merged
};

/// For a reader that fetches a part of the file, which then has no checksum. Throws Error if the
/// header is not that of a checkpoint, or lacks a tensor.
Excerpt excerpt_of(const SafetensorsHeader& header);

struct ExportOptions {
  /// Tensors of several dimensions become f16, half the size. Those of one dimension (biases, and
  /// the statistics of norms) are a small part of the file and stay f32.
  bool half = true;
  bool with_encoder = true;  ///< without effect for models that have none
  /// Whether the metadata keep the device, its choices of kernels and the program's version:
  /// without them, training again gives the same bytes if it gives the same numbers.
  bool with_origin = true;
  const LatentMap* map = nullptr;
  Metadata opening = {};  ///< kFirstLatent and kThumbnail
};

/// Writes an exported file atomically. Returns the names of tensors that stayed f32 because they
/// hold a number beyond kLargestHalf. Throws Error if `checkpoint` was itself exported, and as
/// write_safetensors does.
std::vector<std::string> write_export(const std::filesystem::path& path,
                                      const Checkpoint& checkpoint, const ExportOptions& options);

/// The bytes of that file. Throws Error as write_export does.
std::vector<std::byte> export_bytes(const Checkpoint& checkpoint, const ExportOptions& options);

}  // namespace pumice::io
