#include <fmt/format.h>

#include <vector>

#include "engine/io/export.h"
#include "tests/web/page_models.h"

namespace pumice::test {

void write_map(BrowserCase& browser) {
  const std::vector<float> points = {-2, -2, -1, 2, 2, 0.5f, -2, 2, 0, 2, -2, 0, 0, 0, 0};
  io::LatentMap map{.text = "5 test images by their latents",
                    .class_names = {"cat", "dog"},
                    .count = 5,
                    .numbers = {1, 2, 0},
                    .latents = points,
                    .mean = {0, 0, 0},
                    .axes = {1, 0, 0, 0, 1, 0},
                    .labels = {0, 1, 0, 1, 0},
                    .thumbnail = {9, 7, 1},
                    .thumbnails = std::vector<uint8_t>(63, 200),
                    .thumbnail_points = {2}};
  const io::Checkpoint whole = io::Checkpoint::read(browser.file("model.safetensors"));
  io::write_export(browser.file("mapped.safetensors"), whole, {.half = false, .map = &map});
  browser.write_images("map-point.f32", std::vector<float>{0.5f, 2, 2});
  browser.write_images("map-between.f32", std::vector<float>{0.5f, 1.2f, 1});
  browser.write_images("map-left.f32", std::vector<float>{0, -2, 2});
  // Without an encoder: samples, whose places are given.
  map = {.text = "4 samples", .count = 4, .places = {-1, -1, 1, -1, 1, 1, -1, 1}};
  map.mean.assign(63, 0.5f);
  map.axes.assign(126, 0.01f);
  map.thumbnail = {9, 7, 1};
  map.thumbnails.assign(63, 0);
  map.thumbnail_points = {0};
  io::write_export(browser.file("samples.safetensors"), whole,
                   {.half = false, .with_encoder = false, .map = &map});
  for (uint32_t i = 0; i < map.count; ++i) {
    browser.write_images(fmt::format("map-sample-{}.f32", i), tiny_latents(1, i, 1));
  }
}

void write_flat_map(BrowserCase& browser) {
  const io::LatentMap map{.text = "2 test images by their latents",
                          .count = 2,
                          .numbers = {0, 1},
                          .latents = {-1, -1, 1, 1},
                          .mean = {0, 0},
                          .axes = {1, 0, 0, 1},
                          .thumbnail = {9, 7, 3},
                          .thumbnails = std::vector<uint8_t>(189),
                          .thumbnail_points = {0}};
  io::write_export(browser.file("flatmap.safetensors"),
                   io::Checkpoint::read(browser.file("flat.safetensors")),
                   {.half = false, .map = &map});
}

}  // namespace pumice::test
