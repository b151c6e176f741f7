#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "engine/benchmark/result_json.h"
#include "engine/io/export.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/reshape.h"
#include "engine/nn/layers/upsample2d.h"
#include "native/benchmark/comparison.h"
#include "native/formats/image.h"
#include "native/report/page.h"
#include "tests/support/devices.h"
#include "tests/support/folders.h"
#include "tests/web/browser_case.h"
#include "web/state/directions.h"
#include "web/state/playback.h"
#include "web/state/slot.h"

// The page in headless Chromium; tests/web/e2e/*_check.mjs drive it.
namespace pumice {
namespace {

constexpr const char* kIndex = R"([{"name": "tiny", "file": "tiny.safetensors"},
                                   {"name": "flat", "file": "flat.safetensors"},
                                   {"name": "deep", "file": "deep.safetensors"},
                                   {"name": "large", "file": "large.safetensors"},
                                   {"name": "named", "file": "named.safetensors"},
                                   {"name": "gone", "file": "gone.safetensors"}])";
const std::string kScreenshots = "'" + (test::build_folder() / "screenshots").string() + "'";

hal::Device& any_device() { return test::device(test::device_names().front()); }

std::vector<float> sample(uint64_t seed, uint32_t first, uint32_t count, float truncation = 1) {
  std::vector<float> latents = models::normal_latents(seed, first, count, 3);
  for (float& value : latents) value *= truncation;
  return latents;
}

void write_samples(test::BrowserCase& browser) {
  browser.write_index(kIndex);
  browser.write_images("seed1.f32", sample(1, 0, 64));
  browser.write_images("seed2.f32", sample(2, 0, 64));
  browser.write_images("truncated.f32", sample(2, 0, 9, 0.5f));
  browser.write_images("path.f32", models::interpolate(sample(1, 0, 1), sample(1, 1, 1), 16, true));
}

void write_points(test::BrowserCase& browser) {
  const std::vector<float> explored = {0.5f, -1, 2};
  browser.write_images("explored.f32", explored);
  browser.write_images("slid.f32", std::vector<float>{0.5f, 4, 2});
  browser.write_images("middle.f32", std::vector<float>(3));
  browser.write_images("moved.f32", std::vector<float>{0, 0, 0,  1, 0, 0, -1, 0, 0, 0, 1,
                                                       0, 0, -1, 0, 0, 0, 1,  0, 0, -1});
  browser.write_images("linked.f32",
                       models::interpolate(sample(3, 7, 1, 0.5f), explored, 6, false));
}

// Half the difference between the images at +1 and -1 of each latent number, [pixels, numbers].
std::vector<float> jacobian_at_origin(models::Inference& inference, uint32_t size) {
  std::vector<float> points;
  for (uint32_t i = 0; i < 2 * size; ++i) {
    points.resize(points.size() + size);
    points[size_t{i} * size + i / 2] = i % 2 == 0 ? 1 : -1;
  }
  const std::vector<float> images = inference.decode(points);
  const size_t pixels = inference.image_size();
  std::vector<float> jacobian(pixels * size);
  for (size_t k = 0; k < size; ++k) {
    for (size_t pixel = 0; pixel < pixels; ++pixel) {
      jacobian[pixel * size + k] =
          (images[2 * k * pixels + pixel] - images[(2 * k + 1) * pixels + pixel]) / 2;
    }
  }
  return jacobian;
}

// A model with enough latent numbers for directions.
void write_deep(hal::Device& device, test::BrowserCase& browser) {
  models::VaeDescription network = test::BrowserCase::description();
  const uint32_t size = network.latent_size = 16;
  network.encoder.back() = nn::Linear{.out = 2 * size};
  test::BrowserCase deep(device, network);
  const std::vector<double> gram =
      web::gram_matrix(jacobian_at_origin(deep.inference(), size), size);
  const web::Direction direction = web::leading_eigenvectors(gram, size, 1).front();
  std::vector<float> point = web::typical_slot(1, size).latent;
  deep.write_images("deep-typical.f32", point);
  web::set_coordinate(point, direction, 4);
  deep.write_images("deep-directed.f32", point);
  web::set_coordinate(point, direction, 0);
  deep.write_images("deep-zero.f32", point);
  for (const char* name : {"deep-typical.f32", "deep-directed.f32", "deep-zero.f32"}) {
    std::filesystem::copy_file(deep.file(name), browser.file(name));
  }
  std::filesystem::copy_file(deep.file("model.safetensors"), browser.file("deep.safetensors"));
}

std::vector<uint8_t> drawing_bytes(size_t count) {
  std::vector<uint8_t> drawing(count);
  for (size_t i = 0; i < count; ++i) drawing[i] = static_cast<uint8_t>(i * 37);
  return drawing;
}

// An image and its reconstruction.
void write_drawing(test::BrowserCase& browser, const std::string& name, size_t bytes) {
  const std::vector<uint8_t> drawing = drawing_bytes(bytes);
  std::ofstream(browser.file(name + ".u8"), std::ios::binary)
      .write(reinterpret_cast<const char*>(drawing.data()), static_cast<std::streamsize>(bytes));
  browser.write_reconstruction(name + "-again.f32", drawing);
}

// A colour model with two latent numbers, which has a plane to drag a point on.
void write_plane(hal::Device& device, test::BrowserCase& browser) {
  models::VaeDescription network = test::BrowserCase::description();
  network.latent_size = 2;
  network.image = {9, 7, 3};
  network.encoder.back() = nn::Linear{.out = 2 * network.latent_size};
  network.decoder.back() = nn::Linear{.out = static_cast<uint32_t>(network.image.size())};
  test::BrowserCase flat(device, network);
  const auto edge = static_cast<float>(models::inverse_normal_cdf(1 - 1e-4f));
  flat.write_images("plane.f32", std::vector<float>(2));
  flat.write_images("corner.f32", std::vector<float>{edge, -edge});
  flat.write_images("coloured.f32",
                    models::interpolate(models::normal_latents(1, 0, 1, 2),
                                        models::normal_latents(1, 1, 1, 2), 16, true));
  write_drawing(flat, "colours", 9 * 7 * 3);
  for (const char* name :
       {"plane.f32", "corner.f32", "coloured.f32", "colours.u8", "colours-again.f32"}) {
    std::filesystem::copy_file(flat.file(name), browser.file(name));
  }
  std::filesystem::copy_file(flat.file("model.safetensors"), browser.file("flat.safetensors"));
}

// A model like the first that draws other images.
void write_other(hal::Device& device, test::BrowserCase& browser) {
  models::VaeDescription network = test::BrowserCase::description();
  network.reconstruction = models::Reconstruction::kSquaredError;
  test::BrowserCase other(device, network);
  other.write_images("other-seed1.f32", sample(1, 0, 64));
  other.write_images("other-explored.f32", std::vector<float>{0.5f, -1, 2});
  for (const char* name : {"other-seed1.f32", "other-explored.f32"}) {
    std::filesystem::copy_file(other.file(name), browser.file(name));
  }
  std::filesystem::copy_file(other.file("model.safetensors"), browser.file("other.safetensors"));
}

// A model like the first, with more latent numbers.
void write_wide(hal::Device& device, test::BrowserCase& browser) {
  models::VaeDescription network = test::BrowserCase::description();
  network.latent_size = 5;
  network.encoder.back() = nn::Linear{.out = 2 * network.latent_size};
  test::BrowserCase wide(device, network);
  wide.write_images("wide-first.f32", models::normal_latents(1, 0, 1, network.latent_size));
  std::filesystem::copy_file(wide.file("wide-first.f32"), browser.file("wide-first.f32"));
  std::filesystem::copy_file(wide.file("model.safetensors"), browser.file("wide.safetensors"));
}

// The mean of each image.
void write_means(test::BrowserCase& browser, const std::string& name, std::span<const float> images,
                 size_t size) {
  std::vector<float> means;
  for (size_t at = 0; at < images.size(); at += size) {
    const auto image = images.subspan(at, size);
    means.push_back(static_cast<float>(std::reduce(image.begin(), image.end(), 0.0) /
                                       static_cast<double>(size)));
  }
  test::write_floats(browser.file(name), means);
}

// A model with images so large that no texture holds 12 × 12 of them, or 16 in a row.
void write_large(hal::Device& device, test::BrowserCase& browser) {
  models::VaeDescription network{
      .image = {700, 700, 1},
      .latent_size = 2,
      .encoder = {nn::Linear{.out = 4}},
      .decoder = {nn::Linear{.out = 400}, nn::Linear{.out = 4}, nn::Reshape{.shape = {2, 2, 1}},
                  nn::Upsample2d{.scale = 350}}};
  test::BrowserCase large(device, network);
  const size_t size = network.image.size();
  const std::vector<float> latents = models::normal_latents(1, 0, 64, 2);
  write_means(browser, "large-seed1.f32", large.inference().decode(latents), size);
  const auto point = [&](size_t i) { return std::span(latents).subspan(2 * i, 2); };
  write_means(browser, "large-path.f32",
              large.inference().decode(models::interpolate(point(0), point(1), 16, false)), size);
  std::filesystem::copy_file(large.file("model.safetensors"), browser.file("large.safetensors"));
}

// A conditional model, whose checkpoint names its classes.
void write_named(hal::Device& device, test::BrowserCase& browser) {
  models::VaeDescription network = test::BrowserCase::description();
  network.classes = 3;
  const std::vector<std::string> names = {"cat", "dog", "кот"};
  test::BrowserCase named(device, network, {.class_names = names});
  const std::vector<float> latents = sample(1, 0, 64);
  write_drawing(browser, "grays", 9 * 7);
  const std::vector<float> drawing = test::to_values(drawing_bytes(9 * 7));
  for (uint32_t label = 0; label < network.classes; ++label) {
    const std::vector<uint32_t> labels(64, label);
    test::write_floats(browser.file(fmt::format("named-{}.f32", label)),
                       named.inference().decode(latents, labels));
    test::write_floats(browser.file(fmt::format("named-{}-again.f32", label)),
                       named.inference().reconstruct(drawing, std::span(labels).first(1)));
  }
  std::filesystem::copy_file(named.file("model.safetensors"), browser.file("named.safetensors"));
}

// A model of three latent numbers with a map of test images: x is z1, y is z2, and z0 is that of
// the nearest point.
void write_map(test::BrowserCase& browser) {
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
    browser.write_images(fmt::format("map-sample-{}.f32", i), sample(1, i, 1));
  }
}

// A map of the model of write_plane().
void write_flat_map(test::BrowserCase& browser) {
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

// decodes_as_natively compares with all devices.
TEST(Web, page_shows_the_same_images) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_points(browser);
  write_drawing(browser, "grays", 9 * 7);
  write_plane(any_device(), browser);
  EXPECT_EQ(browser.run("page_check.mjs", kScreenshots), 0);
}

TEST(Web, page_explores_points) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_deep(any_device(), browser);
  browser.write_images("ninth.f32", sample(1, 9, 1));
  EXPECT_EQ(browser.run("explore_check.mjs", kScreenshots), 0);
}

TEST(Web, page_opens_at_a_good_sample) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  const formats::Image red{.width = 1, .height = 1, .channels = 3, .pixels = {255, 0, 0}};
  browser.write_index(
      fmt::format(R"([{{"name": "opening", "file": "opening.safetensors", "thumbnail": "{}"}},
                      {{"name": "tiny", "file": "tiny.safetensors"}},
                      {{"name": "wrong", "file": "wrong.safetensors", "thumbnail": "data:,a"}}])",
                  report::data_uri("image/png", formats::encode_png(red))));
  write_points(browser);
  browser.write_images("typical-1.f32", sample(1, 0, 1, 0.7f));
  browser.write_images("typical-2.f32", sample(2, 0, 1, 0.7f));
  const io::Checkpoint whole = io::Checkpoint::read(browser.file("model.safetensors"));
  io::write_export(browser.file("opening.safetensors"), whole,
                   {.half = false, .opening = {{"first_latent", "0.5,-1,2"}}});
  io::write_export(browser.file("wrong.safetensors"), whole,
                   {.half = false, .opening = {{"first_latent", "0.5,-1"}}});
  EXPECT_EQ(browser.run("opening_check.mjs", kScreenshots), 0);
}

TEST(Web, page_follows_a_dial) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_deep(any_device(), browser);
  EXPECT_EQ(browser.run("dial_check.mjs", kScreenshots), 0);
}

TEST(Web, page_shows_a_map) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  browser.write_index(R"([{"name": "mapped", "file": "mapped.safetensors"},
                          {"name": "samples", "file": "samples.safetensors"},
                          {"name": "flatmap", "file": "flatmap.safetensors"},
                          {"name": "tiny", "file": "tiny.safetensors"}])");
  write_plane(any_device(), browser);
  write_map(browser);
  write_flat_map(browser);
  EXPECT_EQ(browser.run("map_check.mjs", kScreenshots), 0);
}

TEST(Web, page_computes_on_the_card_or_the_processor) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_points(browser);
  write_drawing(browser, "grays", 9 * 7);
  write_deep(any_device(), browser);
  EXPECT_EQ(browser.run("device_check.mjs", kScreenshots), 0);
}

void check(const std::string& script, const std::string& more = kScreenshots) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_points(browser);
  write_plane(any_device(), browser);
  write_deep(any_device(), browser);
  EXPECT_EQ(browser.run(script, more), 0);
}

TEST(Web, page_survives_graphics_problems) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_plane(any_device(), browser);
  write_large(any_device(), browser);
  EXPECT_EQ(browser.run("graphics_check.mjs", kScreenshots), 0);
}

// Its images drawn by models that have other weights, or a latent of another size.
TEST(Web, page_compares_models) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  browser.write_index(R"([{"name": "tiny", "file": "tiny.safetensors"},
                          {"name": "other", "file": "other.safetensors"},
                          {"name": "wide", "file": "wide.safetensors"},
                          {"name": "named", "file": "named.safetensors"},
                          {"name": "gone", "file": "gone.safetensors"}])");
  write_points(browser);
  std::vector<float> stops = sample(1, 0, 1);
  for (const std::vector<float>& stop : {sample(1, 5, 1), {0.5f, -1, 2}, sample(1, 1, 1)}) {
    stops.insert(stops.end(), stop.begin(), stop.end());
  }
  browser.write_images(
      "tour.f32",
      web::path_latents(stops, 3, {.spherical = false, .frames = 6, .ending = web::Ending::kTour}));
  write_other(any_device(), browser);
  write_wide(any_device(), browser);
  write_named(any_device(), browser);
  EXPECT_EQ(browser.run("compare_check.mjs", kScreenshots), 0);
}

TEST(Web, page_is_a_small_download) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  EXPECT_EQ(test::run_check("size_check.mjs", ""), 0);
}

// The browser's other tests on the processor run without threads.
TEST(Web, computes_with_threads) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  const std::string suites = "cpu/Matmul.*:cpu/Conv2d.*:cpu/Program.*:*QueuedCpuDevice*";
  EXPECT_EQ(test::run_check("../run_tests.mjs", "--threads '--gtest_filter=" + suites + "'"), 0);
}

TEST(Web, saved_files_hold_the_images) { check("save_check.mjs"); }
TEST(Web, page_names_classes) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_named(any_device(), browser);
  EXPECT_EQ(browser.run("class_check.mjs", kScreenshots), 0);
}

TEST(Web, page_works_by_keyboard) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_points(browser);
  write_plane(any_device(), browser);
  write_deep(any_device(), browser);
  write_named(any_device(), browser);
  EXPECT_EQ(browser.run("keyboard_check.mjs", kScreenshots), 0);
}

// What it saves is compared as a result of the program is.
TEST(Web, page_measures_training) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_named(any_device(), browser);
  ASSERT_EQ(browser.run("bench_check.mjs", kScreenshots), 0);
  const auto cpu = benchmark::read_result(browser.file("bench-cpu.json"));
  const auto webgpu = benchmark::read_result(browser.file("bench-webgpu.json"));
  const auto comparison = benchmark::compare(cpu, webgpu);
  ASSERT_EQ(comparison["rows"].size(), 6u);
  EXPECT_EQ(comparison["rows"][0]["name"], "vae-mlp-mnist");
  EXPECT_GT(comparison["rows"][0]["ratio"], 0);
}

TEST(Web, page_starts_or_says_why_not) { check("start_check.mjs"); }
TEST(Web, page_reads_the_part_of_a_checkpoint_that_it_needs) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  write_samples(browser);
  write_plane(any_device(), browser);
  write_other(any_device(), browser);
  EXPECT_EQ(browser.run("model_check.mjs", kScreenshots), 0);
}

TEST(Web, page_takes_what_is_dropped) { check("drop_check.mjs"); }
TEST(Web, page_says_what_went_wrong) { check("trouble_check.mjs"); }
TEST(Web, page_fits_themes_screens_and_fingers) { check("window_check.mjs"); }

// PUMICE_MEMORY_SECONDS=600 runs them for longer.
void check_memory(const std::string& device) {
  const char* seconds = std::getenv("PUMICE_MEMORY_SECONDS");
  check("memory_check.mjs", fmt::format("{} {}", seconds ? seconds : "15", device));
}

TEST(Web, memory_does_not_grow_with_webgpu) { check_memory("webgpu"); }
TEST(Web, memory_does_not_grow_on_the_processor) { check_memory("cpu"); }

}  // namespace
}  // namespace pumice
