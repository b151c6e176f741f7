// CIFAR-10's binary files. The input repeats up to a whole record or near it.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/data/cifar10.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

namespace {

constexpr size_t kRecord = 3073;

std::filesystem::path make_folder() {
  std::string name = std::filesystem::temp_directory_path() / "pumice-fuzz-XXXXXX";
  fuzz::expect(mkdtemp(name.data()) != nullptr);
  return name;
}

}  // namespace

FUZZ_TARGET(cifar) {
  static const std::filesystem::path folder = make_folder();
  const size_t extra = fuzz::take_byte(data, size) % 4;
  std::string content(fuzz::text_of(data, size));
  if (extra > 0) content.resize(kRecord * (size % 3 + 1) + extra - 1, 'x');
  std::ofstream(folder / "test_batch.bin", std::ios::binary) << content;
  fuzz::read_or_refuse([&] {
    const data::ImageSet images = data::load_cifar10(folder, data::Split::kTest);
    fuzz::expect(images.count * kRecord == content.size());
    for (const auto label : images.labels) fuzz::expect(label < 10);
  });
}
