#include "web/font.h"

#include <imgui.h>

#include <array>
#include <cmath>
#include <vector>

#include "web/browser.h"

namespace pumice::web {
namespace {

constexpr double kEm = 15;    // CSS pixels
constexpr double kLine = 18;  // what Dear ImGui calls a font's size
constexpr double kBaseline = 14;

/// A letter's place in the atlas.
struct Glyph {
  ImWchar code;
  int rectangle;
  std::array<double, 5> metrics;  ///< see page_measure_glyph
};

Glyph reserve(ImFontAtlas& atlas, ImFont* font, ImWchar code, double scale) {
  Glyph glyph{code, 0, {}};
  page_measure_glyph(code, kEm * scale, glyph.metrics.data());
  const auto& [advance, left, top, width, height] = glyph.metrics;
  ImVec2 offset(static_cast<float>(-left), static_cast<float>(std::round(kBaseline * scale) - top));
  glyph.rectangle =
      atlas.AddCustomRectFontGlyph(font, code, static_cast<int>(width), static_cast<int>(height),
                                   static_cast<float>(std::round(advance)), offset);
  return glyph;
}

void draw(ImFontAtlas& atlas, const Glyph& glyph, double scale) {
  unsigned char* pixels = nullptr;
  int atlas_width = 0;
  int atlas_height = 0;
  atlas.GetTexDataAsAlpha8(&pixels, &atlas_width, &atlas_height);
  const ImFontAtlasCustomRect* place = atlas.GetCustomRectByIndex(glyph.rectangle);
  std::vector<uint8_t> coverage(size_t{place->Width} * place->Height);
  page_draw_glyph(glyph.code, kEm * scale, glyph.metrics.data(), coverage.data());
  for (int row = 0; row < place->Height; ++row) {
    std::copy_n(&coverage[static_cast<size_t>(row * place->Width)], place->Width,
                pixels + (place->Y + row) * atlas_width + place->X);
  }
}

std::vector<ImWchar> letters() {
  std::vector<ImWchar> codes;
  for (ImWchar code = 0x20; code < 0x7f; ++code) codes.push_back(code);
  for (ImWchar code = 0xa0; code <= 0xff; ++code) codes.push_back(code);
  codes.insert(codes.end(), {0x2013, 0x2026, 0x2192});  // – … →
  return codes;
}

}  // namespace

void build_font(double scale) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  // Dear ImGui's own font gives the line's height and, as every font must have one, the blank.
  static constexpr ImWchar kBlank[] = {' ', ' ', 0};
  ImFontConfig config;
  config.SizePixels = static_cast<float>(std::round(kLine * scale));
  config.GlyphRanges = kBlank;
  ImFont* font = atlas.AddFontDefault(&config);
  std::vector<Glyph> glyphs;
  for (ImWchar code : letters()) glyphs.push_back(reserve(atlas, font, code, scale));
  atlas.Build();
  font->EllipsisChar = 0x2026;
  for (const Glyph& glyph : glyphs) draw(atlas, glyph, scale);
  ImGui::GetIO().FontGlobalScale = static_cast<float>(1 / scale);
}

}  // namespace pumice::web
