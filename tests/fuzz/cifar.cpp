// CIFAR-10's binary files. The input repeats up to a whole record or near it.
#include "engine/data/cifar10.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temporary_folder.h"

using namespace pumice;

namespace {

constexpr size_t kRecord = 3073;

}  // namespace

FUZZ_TARGET(cifar) {
  static fuzz::MemoryFile file;
  static const test::TemporaryFolder folder;
  static const bool is_linked = fuzz::link_to(file, folder / "test_batch.bin");
  fuzz::expect(is_linked);
  const size_t extra = fuzz::take_byte(data, size) % 4;
  std::string content(fuzz::text_of(data, size));
  if (extra > 0) content.resize(kRecord * (size % 3 + 1) + extra - 1, 'x');
  file.with(content);
  fuzz::read_or_refuse([&] {
    const data::ImageSet images = data::load_cifar10(folder.path(), data::Split::kTest);
    fuzz::expect(images.count * kRecord == content.size());
    for (const auto label : images.labels) fuzz::expect(label < 10);
  });
}
