#include "native/formats/event_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "native/formats/event_protobuf.h"

namespace pumice::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "events.out.tfevents.";

// Field numbers of TensorFlow's event.proto and summary.proto.
namespace event {
enum : uint32_t { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7 };
}
namespace session_log {
enum : uint32_t { kStatus = 1 };
constexpr uint32_t kStart = 1;
}  // namespace session_log
namespace summary {
enum : uint32_t { kValue = 1 };
}
namespace value {
enum : uint32_t { kTag = 1, kSimpleValue = 2, kImage = 4 };
}
namespace image {
enum : uint32_t { kHeight = 1, kWidth = 2, kColorspace = 3, kEncoded = 4 };
}

double system_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Sorted by time, and within a second by number.
fs::path next_file(const fs::path& folder, double now) {
  return folder / fmt::format("{}{:010}.pumice.{:03}", kPrefix, static_cast<uint64_t>(now),
                              event_files(folder).size());
}

}  // namespace

EventFile::EventFile(const fs::path& folder, uint32_t first_epoch, Clock clock)
    : clock_(clock ? std::move(clock) : system_time), file_(next_file(folder, clock_())) {
  append(0, event::kFileVersion, "brain.Event:2");
  append(first_epoch, event::kSessionLog,
         Message().number(session_log::kStatus, session_log::kStart).bytes());
}

void EventFile::append(uint32_t epoch, uint32_t field, std::string_view content) {
  Message message;
  message.real(event::kWallTime, clock_()).number(event::kStep, epoch).bytes(field, content);
  file_.append(message.bytes());
}

void EventFile::scalars(uint32_t epoch, const Metrics& metrics) {
  Message values;
  for (const Metric& metric : metrics) {
    if (!std::isfinite(metric.value)) continue;
    Message value;
    value.bytes(value::kTag, metric.name);
    value.real(value::kSimpleValue, static_cast<float>(metric.value));
    values.bytes(summary::kValue, value.bytes());
  }
  append(epoch, event::kSummary, values.bytes());
}

void EventFile::image(uint32_t epoch, const std::string& tag, const Image& image) {
  Message message;
  message.number(image::kHeight, image.height).number(image::kWidth, image.width);
  message.number(image::kColorspace, image.channels).bytes(image::kEncoded, encode_png(image));
  Message value;
  value.bytes(value::kTag, tag).bytes(value::kImage, message.bytes());
  append(epoch, event::kSummary, Message().bytes(summary::kValue, value.bytes()).bytes());
}

std::vector<fs::path> event_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(kPrefix)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace pumice::formats
