#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "engine/hal/device.h"

namespace pumice::test {

template <typename T>
void upload(hal::Device& device, const hal::BufferPtr& to, const std::vector<T>& values) {
  device.write(*to, std::as_bytes(std::span(values)));
}

/// A new buffer that holds `values`.
template <typename T>
hal::BufferPtr upload(hal::Device& device, const std::vector<T>& values, std::string_view label) {
  hal::BufferPtr buffer = device.allocate(values.size() * sizeof(T), label);
  upload(device, buffer, values);
  return buffer;
}

template <typename T>
std::vector<T> values_of(const std::vector<std::byte>& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

/// Waits for the whole buffer. Buffers are rounded up; only the first `count` values are returned.
template <typename T>
std::vector<T> download(hal::Device& device, const hal::BufferPtr& from, size_t count) {
  std::vector<T> values = values_of<T>(device.read(*from)->take());
  values.resize(count);
  return values;
}

}  // namespace pumice::test
