#pragma once

#include <array>
#include <cstdint>

namespace pumice {

/// Philox 4×32-10 on the host: the same bits as shaders/include/random.glsl.
/// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// A stream of random numbers determined by (seed, stream), for initial weights and other work on
/// the host.
class PhiloxStream {
 public:
  PhiloxStream(uint64_t seed, uint32_t stream) : seed_(seed), stream_(stream) {}

  uint32_t bits();
  double uniform();  ///< [0, 1), a multiple of 2⁻²⁴
  double normal();   ///< standard normal, by Box–Muller

 private:
  uint64_t seed_;
  uint32_t stream_;
  uint64_t drawn_ = 0;
  std::array<uint32_t, 4> block_{};
};

}  // namespace pumice
