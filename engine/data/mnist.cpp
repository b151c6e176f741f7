#include "engine/data/mnist.h"

#include <string>
#include <system_error>

#include "engine/base/require.h"
#include "engine/data/idx.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

// The names on the original page have a dash; some unpackers turn it into a dot.
fs::path find_file(const fs::path& folder, const std::string& stem, const std::string& format) {
  std::string dashed = stem + "-" + format;
  std::string dotted = stem + "." + format;
  for (const std::string& name : {dashed, dotted, dashed + ".gz", dotted + ".gz"}) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) return folder / name;
  }
  fail("MNIST: no {} or {} (plain or .gz) in {}; run scripts/demo once or pass --data DIR", dashed,
       dotted, folder.string());
}

}  // namespace

ImageSet load_mnist(const fs::path& folder, Split split) {
  std::string prefix = split == Split::kTrain ? "train" : "t10k";
  fs::path images = find_file(folder, prefix + "-images", "idx3-ubyte");
  fs::path labels = find_file(folder, prefix + "-labels", "idx1-ubyte");
  return read_idx_images(images, labels);
}

}  // namespace pumice::data
