#include "engine/data/mnist.h"

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/require.h"
#include "engine/data/idx.h"
#include "engine/data/idx_files.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kMnistSide = 28;

struct IdxFolder {
  std::string_view title;
  std::string_view name;   ///< its name in 'pumice data fetch'
  std::string_view inner;  ///< torchvision's folder
  fs::path path;
};

IdxFolder mnist_in(const fs::path& path) { return {"MNIST", "mnist", "MNIST/raw", path}; }

IdxFolder fashion_mnist_in(const fs::path& path) {
  return {"Fashion-MNIST", "fashion-mnist", "FashionMNIST/raw", path};
}

std::optional<fs::path> look_for(const IdxFolder& folder, Split split, std::string_view content) {
  for (const fs::path& place : {folder.path, folder.path / folder.inner, folder.path / "raw"}) {
    if (auto file = find_idx_file(place, split, content)) return file;
  }
  return {};
}

std::string missing(const IdxFolder& folder, Split split, std::string_view content,
                    std::string_view format) {
  const std::string stem = fmt::format("{}-{}", split == Split::kTrain ? "train" : "t10k", content);
  return fmt::format(
      "{}: no {}-{} or {}.{} (plain or .gz) in {}; fetch it with 'pumice data fetch {}', or pass "
      "--data DIR",
      folder.title, stem, format, stem, format, folder.path.string(), folder.name);
}

void name_classes(ImageSet& set, std::vector<std::string> names) {
  set.class_names.clear();
  if (set.labels.empty()) return;
  const uint32_t found = set.classes();
  if (found > names.size()) {
    set.notes.push_back(
        fmt::format("labels go up to {}, not to {}: the classes are named by number", found - 1,
                    names.size() - 1));
    names.clear();
    for (uint32_t label = 0; label < found; ++label) names.push_back(fmt::to_string(label));
  }
  set.class_names = std::move(names);
}

ImageSet load(const IdxFolder& folder, Split split, std::vector<std::string> class_names) {
  const std::optional<fs::path> images = look_for(folder, split, "images");
  require(images.has_value(), "{}", missing(folder, split, "images", "idx3-ubyte"));
  const std::optional<fs::path> labels = look_for(folder, split, "labels");
  ImageSet set = labels ? read_idx_images(*images, *labels) : read_idx_images(*images);
  if (!labels) set.unlabelled = missing(folder, split, "labels", "idx1-ubyte");
  require(set.height == kMnistSide && set.width == kMnistSide,
          "{}: expected images of {}x{}, found {}x{}", images->string(), kMnistSide, kMnistSide,
          set.height, set.width);
  name_classes(set, std::move(class_names));
  return set;
}

}  // namespace

ImageSet load_mnist(const fs::path& folder, Split split) {
  return load(mnist_in(folder), split, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
}

ImageSet load_fashion_mnist(const fs::path& folder, Split split) {
  return load(fashion_mnist_in(folder), split,
              {"t-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
               "bag", "ankle boot"});
}

bool holds_mnist(const fs::path& folder) {
  return look_for(mnist_in(folder), Split::kTrain, "images").has_value();
}

bool holds_fashion_mnist(const fs::path& folder) {
  return look_for(fashion_mnist_in(folder), Split::kTrain, "images").has_value();
}

}  // namespace pumice::data
