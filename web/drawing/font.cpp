#include "web/drawing/font.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <vector>

#include "web/page/browser.h"

namespace pumice::web {
namespace {

/// CSS pixels; `line` is Dear ImGui's font size.
struct Size {
  double em, line, baseline;
  int weight;
};
constexpr std::array<Size, 4> kSizes = {
    {{15, 18, 14, 400}, {13, 16, 12.5, 400}, {17, 22, 17, 600}, {27, 34, 27, 700}}};

constexpr int kAtlasWidth = 512;  // pixels

/// A glyph's place in the atlas.
struct Glyph {
  ImWchar code;
  int rectangle;
  std::array<double, 5> metrics;  ///< see page_measure_glyph
};

Glyph reserve(ImFontAtlas& atlas, ImFont* font, const Size& size, ImWchar code, double scale) {
  Glyph glyph{code, 0, {}};
  page_measure_glyph(code, size.em * scale, size.weight, glyph.metrics.data());
  const auto& [advance, left, top, width, height] = glyph.metrics;
  ImVec2 offset(static_cast<float>(-left),
                static_cast<float>(std::round(size.baseline * scale) - top));
  glyph.rectangle =
      atlas.AddCustomRectFontGlyph(font, code, static_cast<int>(width), static_cast<int>(height),
                                   static_cast<float>(std::round(advance)), offset);
  return glyph;
}

void draw(ImFontAtlas& atlas, const Size& size, const Glyph& glyph, double scale) {
  unsigned char* pixels = nullptr;
  int atlas_width = 0;
  int atlas_height = 0;
  atlas.GetTexDataAsAlpha8(&pixels, &atlas_width, &atlas_height);
  const ImFontAtlasCustomRect* place = atlas.GetCustomRectByIndex(glyph.rectangle);
  std::vector<uint8_t> coverage(size_t{place->Width} * place->Height);
  page_draw_glyph(glyph.code, size.em * scale, size.weight, glyph.metrics.data(), coverage.data());
  for (int row = 0; row < place->Height; ++row) {
    std::copy_n(&coverage[static_cast<size_t>(row * place->Width)], place->Width,
                pixels + (place->Y + row) * atlas_width + place->X);
  }
}

/// Packs all rectangles in rows, tallest first; returns the total height.
int place(ImVector<ImFontAtlasCustomRect>& rectangles) {
  std::vector<ImFontAtlasCustomRect*> order;
  for (ImFontAtlasCustomRect& rectangle : rectangles) order.push_back(&rectangle);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->Height > b->Height; });
  int x = 0;
  int y = 0;
  int bottom = 0;
  for (ImFontAtlasCustomRect* rectangle : order) {
    if (x + rectangle->Width > kAtlasWidth) {
      x = 0;
      y = bottom;
    }
    rectangle->X = static_cast<unsigned short>(x);
    rectangle->Y = static_cast<unsigned short>(y);
    x += rectangle->Width + 1;
    bottom = std::max(bottom, y + rectangle->Height + 1);
  }
  return bottom;
}

std::set<ImWchar> wanted;  // in addition to the standard ones
bool lacks_wanted = false;

std::vector<ImWchar> letters() {
  std::vector<ImWchar> codes;
  for (ImWchar code = 0x20; code < 0x7f; ++code) codes.push_back(code);
  for (ImWchar code = 0xa0; code <= 0xff; ++code) codes.push_back(code);
  codes.insert(codes.end(), {0x2013, 0x2026, 0x2192, 0x3bc, 0x3c3});  // – … → μ σ
  codes.insert(codes.end(), wanted.begin(), wanted.end());
  return codes;
}

}  // namespace

ImFont* font(TextStyle style) { return ImGui::GetIO().Fonts->Fonts[static_cast<int>(style)]; }

void build_font(double scale) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  lacks_wanted = false;
  atlas.Clear();
  static char no_file = 0;  // Dear ImGui requires one
  ImFontConfig config;
  config.FontData = &no_file;
  config.FontDataSize = sizeof(no_file);
  config.FontDataOwnedByAtlas = false;
  std::array<std::vector<Glyph>, kSizes.size()> glyphs;
  for (size_t i = 0; i < kSizes.size(); ++i) {
    config.SizePixels = static_cast<float>(std::round(kSizes[i].line * scale));
    ImFont* font = atlas.AddFont(&config);
    for (ImWchar code : letters()) {
      glyphs[i].push_back(reserve(atlas, font, kSizes[i], code, scale));
    }
  }
  atlas.Build();
  for (size_t i = 0; i < kSizes.size(); ++i) {
    atlas.Fonts[static_cast<int>(i)]->EllipsisChar = 0x2026;
    for (const Glyph& glyph : glyphs[i]) draw(atlas, kSizes[i], glyph, scale);
  }
  ImGui::GetIO().FontGlobalScale = static_cast<float>(1 / scale);
}

void want_letters(std::string_view text) {
  const ImFont* font = ImGui::GetIO().Fonts->Fonts.front();
  for (const char* at = text.data(); at < text.data() + text.size();) {
    unsigned code = 0;
    at += ImTextCharFromUtf8(&code, at, text.data() + text.size());
    if (code < 0x100 || code > IM_UNICODE_CODEPOINT_MAX || code == IM_UNICODE_CODEPOINT_INVALID) {
      continue;
    }
    if (font->FindGlyphNoFallback(static_cast<ImWchar>(code))) continue;
    lacks_wanted |= wanted.insert(static_cast<ImWchar>(code)).second;
  }
}

bool font_lacks_letters() { return lacks_wanted; }

}  // namespace pumice::web

// Replaces Dear ImGui's function, which CMakeLists.txt makes weak, because it would bring along a
// font and a rasterizer of font files.
bool ImFontAtlas::Build() {
  ImFontAtlasBuildInit(this);
  ClearTexData();
  const int used = pumice::web::place(CustomRects);
  TexWidth = pumice::web::kAtlasWidth;
  TexHeight = static_cast<int>(std::bit_ceil(static_cast<unsigned>(used)));
  TexUvScale = ImVec2(1 / static_cast<float>(TexWidth), 1 / static_cast<float>(TexHeight));
  const size_t bytes = static_cast<size_t>(TexWidth) * static_cast<size_t>(TexHeight);
  TexPixelsAlpha8 = static_cast<unsigned char*>(ImGui::MemAlloc(bytes));
  std::fill_n(TexPixelsAlpha8, bytes, 0);
  for (ImFontConfig& font : ConfigData) {
    ImFontAtlasBuildSetupFont(this, font.DstFont, &font, font.SizePixels, 0);
  }
  ImFontAtlasBuildFinish(this);
  return true;
}
