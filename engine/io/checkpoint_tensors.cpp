#include "engine/io/checkpoint_tensors.h"

#include <cmath>
#include <cstring>

#include "engine/base/require.h"

namespace pumice::io {

void require_finite(std::string_view where, const std::string& name,
                    std::span<const std::byte> bytes) {
  for (size_t i = 0; i < bytes.size() / sizeof(float); ++i) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof(float), sizeof(float));
    require(std::isfinite(value), "{}: tensor '{}': expected finite numbers, element {} is {}",
            where, name, i, value);
  }
}

void require_state(std::string_view where, const std::string& state, const std::string& name,
                   std::span<const std::byte> bytes) {
  require_finite(where, name, bytes);
  if (!state.ends_with("second_moment") && !state.ends_with("square_average")) return;
  for (size_t i = 0; i < bytes.size() / sizeof(float); ++i) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof(float), sizeof(float));
    require(value >= 0, "{}: tensor '{}': expected numbers >= 0, element {} is {}", where, name, i,
            value);
  }
}

}  // namespace pumice::io
