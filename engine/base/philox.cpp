#include "engine/base/philox.h"

#include <cmath>

namespace pumice {

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t product0 = 0xD2511F53ull * counter[0];
    uint64_t product1 = 0xCD9E8D57ull * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(product0)};
    key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};
  }
  return counter;
}

uint32_t PhiloxStream::bits() {
  if (drawn_ % 4 == 0) {
    uint64_t index = drawn_ / 4;
    block_ = philox({static_cast<uint32_t>(index), stream_, static_cast<uint32_t>(index >> 32), 0},
                    {static_cast<uint32_t>(seed_), static_cast<uint32_t>(seed_ >> 32)});
  }
  return block_[drawn_++ % 4];
}

double PhiloxStream::uniform() { return (bits() >> 8) * 0x1p-24; }

double PhiloxStream::normal() {
  double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * 3.14159265358979323846 * uniform());
}

}  // namespace pumice
