#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/metrics.h"
#include "native/formats/event_records.h"
#include "native/formats/image.h"

namespace pumice::formats {

/// A TensorBoard event file: a run's scalars and images by epoch. Each start of a run begins a
/// new file, so an old file that is broken, or that TensorBoard has open, is not touched.
class EventFile {
 public:
  /// Seconds since 1970.
  using Clock = std::function<double()>;

  /// Begins a file in `folder` that is read after those of earlier starts, and makes TensorBoard
  /// discard their data from `first_epoch` on: it was written after the checkpoint from which the
  /// run resumes. Throws Error as RecordFile does.
  EventFile(const std::filesystem::path& folder, uint32_t first_epoch, Clock clock = {});

  /// Metrics that are not finite are left out. Throws Error when the disk is full, as does
  /// image().
  void scalars(uint32_t epoch, const Metrics& metrics);
  void image(uint32_t epoch, const std::string& tag, const Image& image);

 private:
  void append(uint32_t epoch, uint32_t field, std::string_view content);

  Clock clock_;
  RecordFile file_;
};

/// The event files in `folder`, in the order in which TensorBoard reads them.
std::vector<std::filesystem::path> event_files(const std::filesystem::path& folder);

}  // namespace pumice::formats
