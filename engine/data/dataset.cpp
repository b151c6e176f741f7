#include "engine/data/dataset.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/base/require.h"
#include "engine/data/cifar10.h"
#include "engine/data/hash.h"
#include "engine/data/mnist.h"

namespace pumice::data {
namespace {

constexpr std::string_view kIdxFiles =
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
    "t10k-labels-idx1-ubyte, plain or .gz";

constexpr std::array<Dataset, 4> kDatasets{{
    {"mnist", "MNIST", kIdxFiles, "http://yann.lecun.com/exdb/mnist",
     [](const ImageFolderOptions& options, Split split) {
       return load_mnist(options.folder, split);
     },
     holds_mnist},
    {"fashion-mnist", "Fashion-MNIST", kIdxFiles,
     "https://github.com/zalandoresearch/fashion-mnist",
     [](const ImageFolderOptions& options, Split split) {
       return load_fashion_mnist(options.folder, split);
     },
     holds_fashion_mnist},
    {"cifar10", "CIFAR-10",
     "data_batch_1.bin to data_batch_5.bin and test_batch.bin (the binary version)",
     "https://www.cs.toronto.edu/~kriz/cifar.html",
     [](const ImageFolderOptions& options, Split split) {
       return load_cifar10(options.folder, split);
     },
     holds_cifar10},
    {"folder", "a folder of pictures",
     "PNG and JPEG files, in one sub-folder per class or without classes; optionally below train "
     "and val",
     "", load_image_folder, [](const std::filesystem::path&) { return false; }},
}};

}  // namespace

std::span<const Dataset> datasets() { return kDatasets; }

const Dataset& find_dataset(std::string_view name) {
  auto at = std::find_if(kDatasets.begin(), kDatasets.end(),
                         [&](const Dataset& dataset) { return dataset.name == name; });
  require(at != kDatasets.end(),
          "no data set '{}'; there are: mnist, fashion-mnist, cifar10, folder", name);
  return *at;
}

const Dataset* recognized(const std::filesystem::path& folder) {
  std::string text = std::filesystem::absolute(folder).string();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool is_fashion = text.find("fashion") != std::string::npos;
  const Dataset* found = nullptr;
  for (const Dataset& dataset : kDatasets) {
    if (!dataset.is_in(folder)) continue;
    if (found == nullptr || (is_fashion && dataset.name == "fashion-mnist")) found = &dataset;
  }
  return found;
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
