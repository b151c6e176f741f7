#include "engine/data/cifar10.h"

#include <span>
#include <string>
#include <system_error>

#include "engine/base/require.h"
#include "engine/data/file.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kSide = 32;
constexpr uint32_t kChannels = 3;
constexpr size_t kPlane = kSide * kSide;
constexpr size_t kRecord = 1 + kChannels * kPlane;

const std::vector<std::string> kTrainFiles{"data_batch_1.bin", "data_batch_2.bin",
                                           "data_batch_3.bin", "data_batch_4.bin",
                                           "data_batch_5.bin"};
const std::vector<std::string> kTestFiles{"test_batch.bin"};

fs::path find_file(const fs::path& folder, const std::string& name) {
  for (const fs::path& path : {folder / name, folder / "cifar-10-batches-bin" / name}) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) return path;
  }
  fail("CIFAR-10: no {} in {}; fetch it with 'pumice data fetch cifar10', or pass --data DIR", name,
       folder.string());
}

// Colours beside each other, as everywhere in the engine.
void append_interleaved(std::span<const uint8_t> planes, std::vector<uint8_t>& pixels) {
  for (size_t i = 0; i < kPlane; ++i) {
    for (size_t channel = 0; channel < kChannels; ++channel) {
      pixels.push_back(planes[channel * kPlane + i]);
    }
  }
}

void append_records(const fs::path& path, ImageSet& images) {
  const std::vector<uint8_t> bytes = read_file(path);
  require(!bytes.empty() && bytes.size() % kRecord == 0,
          "{}: expected records of {} bytes (a label, 32x32x3 pixels), found {} bytes",
          path.string(), kRecord, bytes.size());
  ImageSet records{.labels = {}, .class_names = images.class_names};
  for (size_t at = 0; at < bytes.size(); at += kRecord) records.labels.push_back(bytes[at]);
  require_known_labels(records, path.string());
  images.labels.insert(images.labels.end(), records.labels.begin(), records.labels.end());
  images.pixels.reserve(images.pixels.size() + bytes.size());
  for (size_t at = 0; at < bytes.size(); at += kRecord) {
    append_interleaved(std::span(bytes).subspan(at + 1, kRecord - 1), images.pixels);
  }
}

}  // namespace

ImageSet load_cifar10(const fs::path& folder, Split split) {
  ImageSet images{.height = kSide,
                  .width = kSide,
                  .channels = kChannels,
                  .class_names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog",
                                  "horse", "ship", "truck"}};
  for (const std::string& name : split == Split::kTrain ? kTrainFiles : kTestFiles) {
    append_records(find_file(folder, name), images);
  }
  images.count = static_cast<uint32_t>(images.labels.size());
  return images;
}

}  // namespace pumice::data
