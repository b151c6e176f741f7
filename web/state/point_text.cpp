#include "web/state/point_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace pumice::web {
namespace {

constexpr size_t kMostDecimals = 8;
constexpr char kPackedMark = '~';
constexpr float kSteps = 4096;  // per unit; 16 bits cover -8 to 8
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string pack(std::span<const float> point) {
  std::string text(1, kPackedMark);
  uint32_t bits = 0;
  int count = 0;
  for (float value : point) {
    float steps = std::clamp(std::round(value * kSteps), -32768.0f, 32767.0f);
    bits = bits << 16 | static_cast<uint16_t>(static_cast<int16_t>(steps));
    for (count += 16; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63];
  return text;
}

std::vector<float> unpack(std::string_view text) {
  std::vector<float> point;
  uint32_t bits = 0;
  int count = 0;
  for (char character : text) {
    size_t digit = kDigits.find(character);
    if (digit == std::string_view::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 16) continue;
    count -= 16;
    point.push_back(static_cast<float>(static_cast<int16_t>(bits >> count)) / kSteps);
  }
  return point;
}

}  // namespace

std::string point_to_text(std::span<const float> point) {
  if (point.size() > kMostDecimals) return pack(point);
  std::string text;
  for (float value : point) text += fmt::format("{}{:.4g}", text.empty() ? "" : ",", value);
  return text;
}

std::vector<float> point_from_text(std::string_view text) {
  if (text.starts_with(kPackedMark)) return unpack(text.substr(1));
  std::vector<float> point;
  const std::string ended(text);
  const char* at = ended.c_str();
  while (*at != '\0') {
    char* end = nullptr;
    float value = std::strtof(at, &end);
    if (end == at || !std::isfinite(value)) break;
    point.push_back(value);
    at = *end == ',' ? end + 1 : end;
  }
  return point;
}

}  // namespace pumice::web
