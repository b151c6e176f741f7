// PNG and JPEG: images of folders, and those that are read back.
#include <vector>

#include "engine/data/decode_image.h"
#include "engine/data/exif.h"
#include "native/formats/image.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

FUZZ_TARGET(image) {
  static fuzz::MemoryFile file;
  const uint8_t kind = fuzz::take_byte(data, size);
  const data::ImageForm form{.size = 1u + kind % 37, .channels = kind % 2 == 0 ? 1u : 3u};
  std::vector<uint8_t> pixels(form.size * form.size * form.channels);
  fuzz::expect(data::exif_orientation({data, size}) - 1 < 8);
  fuzz::read_or_refuse([&] { data::decode_image({data, size}, form, pixels); });
  fuzz::read_or_refuse([&] { formats::read_png(file.with(fuzz::text_of(data, size))); });
}
