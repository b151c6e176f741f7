#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/data/decode_image.h"
#include "native/recipes/recipe.h"
#include "tests/support/devices.h"
#include "tests/support/image_files.h"
#include "tests/web/browser_case.h"

// Compares how image files are read natively and in headless Chromium.
namespace pumice {
namespace {

using test::Bytes;
using test::JpegParts;
using test::PngParts;
using Files = std::map<std::string, Bytes>;

constexpr uint32_t kWidth = 90, kHeight = 61;

// Waves in the colors; noise in the last of an even number of channels, which is alpha or black.
Bytes image(uint32_t width, uint32_t height, uint32_t channels) {
  Bytes values;
  for (uint32_t i = 0; i < width * height; ++i) {
    const double x = i % width, y = i / width;  // NOLINT: whole numbers are meant
    const double waves[] = {std::sin(x / 7 + y / 31), std::cos(y / 9), std::sin((x + 2 * y) / 13)};
    for (uint32_t c = 0; c < channels; ++c) {
      const bool is_noise = channels % 2 == 0 && c + 1 == channels;
      values.push_back(
          uint8_t(is_noise ? i * 2654435761u >> 24 : std::lround(127 + 120 * waves[c])));
    }
  }
  return values;
}

Bytes png(int color_type, uint32_t channels, PngParts parts = {}) {
  parts.width = kWidth;
  parts.height = kHeight;
  parts.color_type = color_type;
  parts.rows = image(kWidth, kHeight, channels * static_cast<uint32_t>(parts.bits) / 8);
  return png_file(parts);
}

// Values 0 … 15 and a palette with as many colors and alphas.
Bytes palette_png(bool is_packed) {
  PngParts parts{.width = kWidth, .height = kHeight, .color_type = 3, .bits = is_packed ? 4 : 8};
  parts.palette = image(16, 1, 3);
  for (uint8_t value : image(is_packed ? kWidth / 2 : kWidth, kHeight, 1)) {
    parts.rows.push_back(is_packed ? value : value / 16);
  }
  parts.chunks = {{"tRNS", {0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221}}};
  return png_file(parts);
}

Bytes jpeg(uint32_t channels, JpegParts parts = {}) {
  if (parts.width == 1) parts.width = kWidth, parts.height = kHeight;
  parts.channels = channels;
  parts.values = image(parts.width, parts.height, channels);
  return jpeg_file(parts);
}

void add_pngs(Files& files) {
  files["grey.png"] = png(0, 1);
  files["grey-tRNS.png"] = png(0, 1, {.chunks = {{"tRNS", {0, 127}}}});
  files["grey-16-bits.png"] = png(0, 1, {.bits = 16});
  files["rgb.png"] = png(2, 3);
  files["rgb-tRNS.png"] = png(2, 3, {.chunks = {{"tRNS", {0, 127, 0, 247, 0, 127}}}});
  files["rgb-16-bits.png"] = png(2, 3, {.bits = 16});
  files["rgb-gamma.png"] = png(2, 3, {.chunks = {{"gAMA", {0, 1, 134, 160}}}});
  files["rgb-interlaced.png"] = png(2, 3, {.interlaced = true});
  files["rgb-turned.png"] = png(2, 3, {.chunks = {{"eXIf", test::exif(6, true)}}});
  files["palette-tRNS.png"] = palette_png(false);
  files["palette-4-bits.png"] = palette_png(true);
  files["grey-alpha.png"] = png(4, 2);
  files["rgba.png"] = png(6, 4);
  files["rgba-16-bits.png"] = png(6, 4, {.bits = 16});
  PngParts tiny{.width = 5, .height = 7, .color_type = 6, .rows = image(5, 7, 4)};
  files["tiny.png"] = png_file(tiny);
}

void add_jpegs(Files& files) {
  files["grey.jpg"] = jpeg(1);
  files["rgb.jpg"] = jpeg(3);
  files["cmyk.jpg"] = jpeg(4);
  files["cmyk-unmarked.jpg"] = jpeg(4, {.unmarked = true});
  files["ycck.jpg"] = jpeg(4, {.ycck = true});
  files["progressive.jpg"] = jpeg(3, {.progressive = true, .halved_colors = true});
  files["large.jpg"] = jpeg(3, {.width = 3000, .height = 2000, .halved_colors = true});
  files["large-turned.jpg"] =
      jpeg(3, {.width = 3001, .height = 2000, .exif = test::exif(8, false)});
  files["behind.jpg"] = jpeg(3);
  files["behind.jpg"].resize(files["behind.jpg"].size() + 10000, 0xda);
  for (uint32_t i = 1; i <= 8; ++i) {
    files[fmt::format("turned-{}-big.jpg", i)] = jpeg(3, {.exif = test::exif(i, true)});
    files[fmt::format("turned-{}-little.jpg", i)] = jpeg(3, {.exif = test::exif(i, false)});
  }
}

void write(const std::filesystem::path& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

// Writes each file in each form, and cases.json, which lists them.
void write_cases(const test::TemporaryFolder& folder, const Files& files) {
  nlohmann::json cases = nlohmann::json::array();
  for (const auto& [name, bytes] : files) {
    write(folder / name, bytes);
    for (const auto& [size, channels, background] :
         {std::tuple(32u, 3u, "black"), std::tuple(24u, 1u, "white"),
          std::tuple(61u, 3u, "#3060c0")}) {
      const std::string native = fmt::format("{}-{}.u8", name, size);
      Bytes pixels(size_t{size} * size * channels);
      data::decode_image(bytes, {size, channels, *data::color_by_name(background)}, pixels);
      write(folder / native, pixels);
      cases.push_back({{"file", name},
                       {"native", native},
                       {"shape", {size, size, channels}},
                       {"background", background}});
    }
  }
  std::ofstream(folder / "cases.json") << cases;
}

TEST(Web, reads_images_as_natively) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  Files files;
  add_pngs(files);
  add_jpegs(files);
  test::TemporaryFolder folder;
  write_cases(folder, files);
  EXPECT_EQ(test::run_check("images_check.mjs", fmt::format("'{}'", folder.path().string())), 0);
}

// The page's Encode tab composites transparent pixels onto the background of the model's recipe.
TEST(Web, encodes_images_on_the_recipes_background) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  Recipe recipe = load_recipe("vae-mlp-folder");
  recipe.data.background = "#ff8000";
  models::VaeDescription network = test::BrowserCase::description();
  network.image = {8, 8, 3};
  network.decoder.back() = nn::Linear{.out = static_cast<uint32_t>(network.image.size())};
  test::BrowserCase browser(test::device(test::device_names().front()), network,
                            {.recipe = to_toml(recipe)});
  browser.write_index(R"([{"name": "tiny", "file": "tiny.safetensors"}])");
  PngParts parts{.width = 8, .height = 8, .color_type = 6, .rows = image(8, 8, 4)};
  for (size_t i = 3; i < parts.rows.size(); i += 4) parts.rows[i] = parts.rows[i] < 128 ? 0 : 255;
  const Bytes file = png_file(parts);
  write(browser.file("transparent.png"), file);
  Bytes pixels(network.image.size());
  data::decode_image(file, {.size = 8, .background = {255, 128, 0}}, pixels);
  browser.write_reconstruction("transparent-again.f32", pixels);
  EXPECT_EQ(browser.run("background_check.mjs"), 0);
}

}  // namespace
}  // namespace pumice
