#pragma once

#include <cstdint>
#include <limits>

namespace pumice::io {

/// The whole number of a key; no fractions, signs or numbers beyond 2³²-1, which the library would
/// convert without a word. Throws its exceptions.
template <typename Json>
uint32_t whole_at(const Json& object, const char* key) {
  using Whole = typename Json::number_unsigned_t;
  const Whole value = object.at(key).template get_ref<const Whole&>();
  constexpr Whole kMost = std::numeric_limits<uint32_t>::max();
  if (value > kMost) static_cast<void>(Json::array().at(value));  // throws out_of_range
  return static_cast<uint32_t>(value);
}

}  // namespace pumice::io
