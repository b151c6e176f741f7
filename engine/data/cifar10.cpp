#include "engine/data/cifar10.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/base/require.h"
#include "engine/data/file.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kCifar10Side = 32;
constexpr uint32_t kChannels = 3;
constexpr size_t kPlane = kCifar10Side * kCifar10Side;
constexpr size_t kRecord = 1 + kChannels * kPlane;

const std::vector<std::string> kTrainFiles{"data_batch_1.bin", "data_batch_2.bin",
                                           "data_batch_3.bin", "data_batch_4.bin",
                                           "data_batch_5.bin"};
const std::vector<std::string> kTestFiles{"test_batch.bin"};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::optional<fs::path> look_for(const fs::path& folder, const std::string& name) {
  for (const fs::path& path : {folder / name, folder / "cifar-10-batches-bin" / name}) {
    if (is_there(path)) return path;
  }
  return {};
}

fs::path find_file(const fs::path& folder, const std::string& name) {
  if (auto path = look_for(folder, name)) return *path;
  const std::string other = other_cifar(folder);
  if (!other.empty()) fail("CIFAR-10: no {} in {}", name, other);
  fail("CIFAR-10: no {} in {}; fetch it with 'pumice data fetch cifar10', or pass --data DIR", name,
       folder.string());
}

// Interleaves the colours, as everywhere in the engine.
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
  ImageSet images{.height = kCifar10Side,
                  .width = kCifar10Side,
                  .channels = kChannels,
                  .class_names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog",
                                  "horse", "ship", "truck"}};
  for (const std::string& name : split == Split::kTrain ? kTrainFiles : kTestFiles) {
    append_records(find_file(folder, name), images);
  }
  images.count = static_cast<uint32_t>(images.labels.size());
  return images;
}

bool holds_cifar10(const fs::path& folder) { return look_for(folder, kTrainFiles[0]).has_value(); }

std::string other_cifar(const fs::path& folder) {
  struct Version {
    std::string_view file, folder, what;
  };
  constexpr std::array<Version, 4> kVersions{
      {{"data_batch_1", "cifar-10-batches-py", "CIFAR-10 for Python (pickled)"},
       {"data_batch_1.mat", "cifar-10-batches-mat", "CIFAR-10 for Matlab"},
       {"train.bin", "cifar-100-binary", "CIFAR-100, a different data set"},
       {"cifar-10-binary.tar.gz", ".", "CIFAR-10, not yet unpacked: unpack it there"}}};
  for (const Version& version : kVersions) {
    for (const fs::path& place : {folder, folder / version.folder}) {
      if (!is_there(place / version.file)) continue;
      const bool is_packed = version.file.ends_with(".gz");
      return fmt::format("{}, which holds {}{}", place.lexically_normal().string(), version.what,
                         is_packed ? ""
                                   : "; the binary version is expected: fetch it with 'pumice data "
                                     "fetch cifar10', or unpack cifar-10-binary.tar.gz");
    }
  }
  return "";
}

}  // namespace pumice::data
