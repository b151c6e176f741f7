#include "engine/data/mnist.h"

#include <string>
#include <string_view>
#include <system_error>

#include "engine/base/require.h"
#include "engine/data/idx.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kSide = 28;

struct IdxFolder {
  std::string_view title;
  std::string_view name;  ///< as 'pumice data fetch' knows it
  fs::path path;
};

// The names on the original page have a dash; some unpackers turn it into a dot.
fs::path find_file(const IdxFolder& folder, const std::string& stem, const std::string& format) {
  std::string dashed = stem + "-" + format;
  std::string dotted = stem + "." + format;
  for (const std::string& name : {dashed, dotted, dashed + ".gz", dotted + ".gz"}) {
    std::error_code ignored;
    if (fs::exists(folder.path / name, ignored)) return folder.path / name;
  }
  fail(
      "{}: no {} or {} (plain or .gz) in {}; fetch it with 'pumice data fetch {}', or pass --data "
      "DIR",
      folder.title, dashed, dotted, folder.path.string(), folder.name);
}

ImageSet load(const IdxFolder& folder, Split split, std::vector<std::string> class_names) {
  std::string prefix = split == Split::kTrain ? "train" : "t10k";
  fs::path images = find_file(folder, prefix + "-images", "idx3-ubyte");
  fs::path labels = find_file(folder, prefix + "-labels", "idx1-ubyte");
  ImageSet set = read_idx_images(images, labels);
  require(set.height == kSide && set.width == kSide, "{}: expected pictures of {}x{}, found {}x{}",
          images.string(), kSide, kSide, set.height, set.width);
  set.class_names = std::move(class_names);
  require_known_labels(set, labels.string());
  return set;
}

}  // namespace

ImageSet load_mnist(const fs::path& folder, Split split) {
  return load({"MNIST", "mnist", folder}, split,
              {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
}

ImageSet load_fashion_mnist(const fs::path& folder, Split split) {
  return load({"Fashion-MNIST", "fashion-mnist", folder}, split,
              {"t-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
               "bag", "ankle boot"});
}

}  // namespace pumice::data
