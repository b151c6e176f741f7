#pragma once

#include <cstdint>
#include <string>

#include "tests/support/temporary_folder.h"

namespace pumice::test {

/// A record of the binary version: pixel i is i of red, 2i of green, 3i of blue (modulo 256).
inline std::string cifar10_record(uint8_t label) {
  std::string record(1, static_cast<char>(label));
  for (uint32_t channel = 1; channel <= 3; ++channel) {
    for (uint32_t i = 0; i < 32 * 32; ++i) record += static_cast<char>(channel * i);
  }
  return record;
}

/// The six files of CIFAR-10 in `folder`; image i of batch b has the label (b + i) mod 10.
inline void write_tiny_cifar10(const TemporaryFolder& folder, uint32_t per_batch, uint32_t test) {
  auto records = [](uint32_t first, uint32_t count) {
    std::string all;
    for (uint32_t i = 0; i < count; ++i) all += cifar10_record((first + i) % 10);
    return all;
  };
  for (uint32_t batch = 1; batch <= 5; ++batch) {
    folder.file("data_batch_" + std::to_string(batch) + ".bin", records(batch, per_batch));
  }
  folder.file("test_batch.bin", records(0, test));
}

}  // namespace pumice::test
