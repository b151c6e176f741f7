#include "engine/data/dataset.h"

#include <algorithm>
#include <array>

#include "engine/base/require.h"
#include "engine/data/cifar10.h"
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
     }},
    {"fashion-mnist", "Fashion-MNIST", kIdxFiles,
     "https://github.com/zalandoresearch/fashion-mnist",
     [](const ImageFolderOptions& options, Split split) {
       return load_fashion_mnist(options.folder, split);
     }},
    {"cifar10", "CIFAR-10",
     "data_batch_1.bin to data_batch_5.bin and test_batch.bin (the binary version)",
     "https://www.cs.toronto.edu/~kriz/cifar.html",
     [](const ImageFolderOptions& options, Split split) {
       return load_cifar10(options.folder, split);
     }},
    {"folder", "a folder of pictures",
     "PNG and JPEG files, in one sub-folder per class or without classes; optionally below train "
     "and val",
     "", load_image_folder},
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

ImageSet load(std::string_view name, const ImageFolderOptions& options, Split split) {
  ImageSet images = find_dataset(name).load(options, split);
  images.source = options.folder.string();
  return images;
}

}  // namespace pumice::data
