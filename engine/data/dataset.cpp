#include "engine/data/dataset.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "engine/base/hash.h"
#include "engine/base/lowered.h"
#include "engine/base/require.h"
#include "engine/data/cifar10.h"
#include "engine/data/mnist.h"

namespace pumice::data {
namespace {

constexpr std::string_view kIdxFiles =
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
    "t10k-labels-idx1-ubyte, plain or .gz";

/// For readers that need only the folder.
template <ImageSet (*kLoad)(const std::filesystem::path&, Split)>
ImageSet load_from(const ImageFolderOptions& options, Split split) {
  return kLoad(options.folder, split);
}

constexpr std::array kDatasets{
    Dataset{.name = "mnist",
            .title = "MNIST",
            .files = kIdxFiles,
            .origin = "http://yann.lecun.com/exdb/mnist",
            .shape = {28, 28, 1},
            .classes = 10,
            .load = load_from<load_mnist>,
            .is_in = holds_mnist,
            .fetch = true},
    Dataset{.name = "fashion-mnist",
            .title = "Fashion-MNIST",
            .files = kIdxFiles,
            .origin = "https://github.com/zalandoresearch/fashion-mnist",
            .shape = {28, 28, 1},
            .classes = 10,
            .load = load_from<load_fashion_mnist>,
            .is_in = holds_fashion_mnist,
            .fetch = true,
            .path_hint = "fashion"},
    Dataset{.name = "cifar10",
            .title = "CIFAR-10",
            .files = "data_batch_1.bin to data_batch_5.bin and test_batch.bin (the binary version)",
            .origin = "https://www.cs.toronto.edu/~kriz/cifar.html",
            .shape = {32, 32, 3},
            .classes = 10,
            .load = load_from<load_cifar10>,
            .is_in = holds_cifar10,
            .fetch = true},
    Dataset{.name = "folder",
            .title = "a folder of images",
            .files = "PNG and JPEG files, in one sub-folder per class or without classes; "
                     "optionally below train and val",
            .origin = "",
            .shape = {},
            .classes = 0,
            .load = load_image_folder,
            .is_in = [](const std::filesystem::path&) { return false; },
            .fetch = false},
};

}  // namespace

std::span<const Dataset> datasets() { return kDatasets; }

std::vector<std::string_view> dataset_names() {
  std::vector<std::string_view> names;
  for (const Dataset& dataset : kDatasets) names.push_back(dataset.name);
  return names;
}

std::vector<std::string_view> fetchable_datasets() {
  std::vector<std::string_view> names;
  for (const Dataset& dataset : kDatasets) {
    if (dataset.fetch) names.push_back(dataset.name);
  }
  return names;
}

const Dataset* dataset_by_name(std::string_view name) {
  auto at = std::find_if(kDatasets.begin(), kDatasets.end(),
                         [&](const Dataset& dataset) { return dataset.name == name; });
  return at == kDatasets.end() ? nullptr : &*at;
}

const Dataset& find_dataset(std::string_view name) {
  const Dataset* dataset = dataset_by_name(name);
  require(dataset != nullptr, "no data set '{}'; there are: {}", name,
          fmt::join(dataset_names(), ", "));
  return *dataset;
}

const Dataset* recognized(const std::filesystem::path& folder) {
  const std::string text = lowered(std::filesystem::absolute(folder).string());
  const Dataset* found = nullptr;
  for (const Dataset& dataset : kDatasets) {
    if (!dataset.is_in(folder)) continue;
    const bool is_meant = !dataset.path_hint.empty() && text.find(dataset.path_hint) != text.npos;
    if (found == nullptr || is_meant) found = &dataset;
  }
  return found;
}

std::vector<std::string_view> lookalikes(const Dataset& dataset) {
  std::vector<std::string_view> names;
  for (const Dataset& other : kDatasets) {
    if (other.name != dataset.name && other.files == dataset.files) names.push_back(other.name);
  }
  return names;
}

ImageSet load(std::string_view name, const ImageFolderOptions& options, Split split) {
  ImageSet images = find_dataset(name).load(options, split);
  images.source = options.folder.string();
  if (images.digest == 0) {
    images.digest = extended(digest(std::as_bytes(std::span(images.labels))),
                             digest(std::as_bytes(std::span(images.pixels))));
  }
  return images;
}

}  // namespace pumice::data
