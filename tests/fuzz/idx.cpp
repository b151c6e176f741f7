// MNIST's files, plain and gzipped; the second half are the labels if the first byte is odd.
#include "engine/data/idx.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

FUZZ_TARGET(idx) {
  static fuzz::MemoryFile images;
  static fuzz::MemoryFile labels;
  const bool has_labels = fuzz::take_byte(data, size) % 2 == 1;
  const std::string_view content = fuzz::text_of(data, size);
  fuzz::read_or_refuse([&] {
    if (has_labels) {
      data::read_idx_images(images.with(content.substr(0, size / 2)),
                            labels.with(content.substr(size / 2)));
    } else {
      data::read_idx_images(images.with(content));
    }
  });
}
