#include "web/state/permalink.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "web/state/point_text.h"

namespace pumice::web {
namespace {

constexpr std::array<std::string_view, 5> kEndings = {"stop", "loop", "wander", "back", "tour"};
constexpr char kBetweenSlots = ';';

float number(std::string_view text, float otherwise) {
  const float value = std::strtof(std::string(text).c_str(), nullptr);
  return std::isfinite(value) ? value : otherwise;
}

template <typename Integer>
Integer whole(std::string_view text, Integer otherwise) {
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

// Removes and returns the text before the next ':', or `mark`.
std::string_view next_part(std::string_view& text, char mark = ':') {
  std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

float truncation_of(std::string_view text) {
  return text.empty() ? 1 : std::clamp(number(text, 1), 0.0f, 1.5f);
}

Slot slot_from(std::string_view text) {
  if (text.find(':') == std::string_view::npos)
    return {point_from_text(text), std::nullopt, "point from a link"};
  Sample sample;
  sample.seed = whole<uint64_t>(next_part(text), 1);
  sample.index = whole<uint32_t>(next_part(text), 0);
  sample.truncation = truncation_of(text);
  return {{}, sample, {}};
}

std::vector<Slot> slots_from(std::string_view text) {
  std::vector<Slot> slots;
  while (!text.empty() && slots.size() < kMostWayPoints) {
    Slot slot = slot_from(next_part(text, kBetweenSlots));
    if (slot.sample || !slot.latent.empty()) slots.push_back(std::move(slot));
  }
  return slots;
}

std::string slot_to_text(const Slot& slot) {
  if (!slot.sample) return point_to_text(slot.latent);
  const Sample& sample = *slot.sample;
  std::string text = fmt::format("{}:{}", sample.seed, sample.index);
  if (sample.truncation != 1) text += fmt::format(":{:.4g}", sample.truncation);
  return text;
}

std::string slots_to_text(std::span<const Slot> slots) {
  std::string text;
  for (const Slot& slot : slots) {
    if (!text.empty()) text += kBetweenSlots;
    text += slot_to_text(slot);
  }
  return text;
}

Path path_from(std::string_view text) {
  Path path;
  path.spherical = next_part(text) != "linear";
  path.frames = std::clamp(whole(next_part(text), path.frames), 2, kMostFrames);
  path.speed = std::clamp(number(next_part(text), path.speed), 1.0f, 60.0f);
  auto ending = std::ranges::find(kEndings, text);
  if (ending != kEndings.end()) path.ending = static_cast<Ending>(ending - kEndings.begin());
  return path;
}

std::string path_to_text(const Path& path) {
  return fmt::format("{}:{}:{:.0f}:{}", path.spherical ? "spherical" : "linear", path.frames,
                     path.speed, kEndings[static_cast<size_t>(path.ending)]);
}

void read_line(std::string_view line, Permalink& link) {
  size_t middle = line.find('=');
  if (middle == std::string_view::npos) return;
  std::string_view key = line.substr(0, middle);
  std::string_view value = line.substr(middle + 1);
  if (key == "model") link.model = value;
  if (key == "tab") link.tab = value;
  if (key == "class") link.label = whole<uint32_t>(value, 0);
  if (key == "seed") link.seed = whole<uint64_t>(value, 1);
  if (key == "truncation") link.truncation = truncation_of(value);
  if (key == "side") link.side = std::clamp(whole(value, 8), 1, kLargestGrid);
  if (key == "latent") link.latent = point_from_text(value);
  if (key == "a") link.slots[0] = slot_from(value);
  if (key == "b") link.slots[1] = slot_from(value);
  if (key == "via") link.way_points = slots_from(value);
  if (key == "beside") link.beside = value;
  if (key == "beside_class") link.beside_label = whole<uint32_t>(value, 0);
  if (key == "plane") link.map_by_numbers = value == "numbers";
  if (key == "path") link.path = path_from(value);
}

}  // namespace

Permalink permalink_from_lines(std::string_view lines) {
  Permalink link;
  while (!lines.empty()) read_line(next_part(lines, '\n'), link);
  return link;
}

std::string permalink_to_lines(const Permalink& link) {
  std::string lines = fmt::format("model={}\ntab={}\nseed={}\n", link.model, link.tab, link.seed);
  if (link.label != 0) lines += fmt::format("class={}\n", link.label);
  if (link.truncation != 1) lines += fmt::format("truncation={:.4g}\n", link.truncation);
  if (link.side != 8) lines += fmt::format("side={}\n", link.side);
  const bool is_origin = std::ranges::all_of(link.latent, [](float value) { return value == 0; });
  if (!link.latent.empty()) {
    lines += fmt::format("latent={}\n", is_origin ? "0" : point_to_text(link.latent));
  }
  for (size_t i = 0; i < 2; ++i) {
    const Slot& slot = link.slots[i];
    if (slot.latent.empty()) continue;
    lines += fmt::format("{}={}\n", i == 0 ? 'a' : 'b', slot_to_text(slot));
  }
  if (!link.way_points.empty()) lines += fmt::format("via={}\n", slots_to_text(link.way_points));
  if (link.path != Path{}) lines += fmt::format("path={}\n", path_to_text(link.path));
  if (!link.beside.empty()) lines += fmt::format("beside={}\n", link.beside);
  if (link.beside_label != 0) lines += fmt::format("beside_class={}\n", link.beside_label);
  if (link.map_by_numbers) lines += "plane=numbers\n";
  return lines;
}

}  // namespace pumice::web
