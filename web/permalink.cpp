#include "web/permalink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace pumice::web {
namespace {

std::vector<float> numbers(const std::string& text) {
  std::vector<float> values;
  const char* at = text.c_str();
  while (*at != '\0') {
    char* end = nullptr;
    float value = std::strtof(at, &end);
    if (end == at) break;
    values.push_back(value);
    at = *end == ',' ? end + 1 : end;
  }
  return values;
}

void read_line(std::string_view line, Permalink& link) {
  size_t middle = line.find('=');
  if (middle == std::string_view::npos) return;
  std::string_view key = line.substr(0, middle);
  std::string value(line.substr(middle + 1));
  if (key == "model") link.model = value;
  if (key == "tab") link.tab = value;
  if (key == "seed") link.seed = std::strtoull(value.c_str(), nullptr, 10);
  if (key == "truncation")
    link.truncation = std::clamp(std::strtof(value.c_str(), nullptr), 0.f, 1.5f);
  if (key == "latent") link.latent = numbers(value);
}

}  // namespace

Permalink permalink_from_lines(std::string_view lines) {
  Permalink link;
  while (!lines.empty()) {
    size_t end = std::min(lines.find('\n'), lines.size());
    read_line(lines.substr(0, end), link);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return link;
}

std::string permalink_to_lines(const Permalink& link) {
  std::string lines = fmt::format("model={}\ntab={}\nseed={}\n", link.model, link.tab, link.seed);
  if (link.truncation != 1) lines += fmt::format("truncation={:.3g}\n", link.truncation);
  bool is_middle = std::ranges::all_of(link.latent, [](float value) { return value == 0; });
  if (is_middle) return lines;
  lines += "latent=";
  for (float value : link.latent) lines += fmt::format("{:.4g},", value);
  lines.back() = '\n';
  return lines;
}

}  // namespace pumice::web
