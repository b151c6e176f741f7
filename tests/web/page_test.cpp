#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/benchmark/result_json.h"
#include "engine/io/export.h"
#include "native/benchmark/comparison.h"
#include "native/formats/image.h"
#include "native/report/page.h"
#include "tests/support/devices.h"
#include "tests/support/folders.h"
#include "tests/web/page_models.h"
#include "web/state/playback.h"

// The page in headless Chromium; tests/web/e2e/*_check.mjs drive it.
namespace pumice {
namespace {

const std::string kScreenshots = "'" + (test::build_folder() / "screenshots").string() + "'";

hal::Device& any_device() { return test::device(test::device_names().front()); }

// decodes_as_natively compares with all devices.
TEST(Web, page_shows_the_same_images) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_points(browser);
  test::write_drawing(browser, "grays", 9 * 7);
  test::write_plane(any_device(), browser);
  EXPECT_EQ(browser.run("page_check.mjs", kScreenshots), 0);
}

TEST(Web, page_explores_points) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_deep(any_device(), browser);
  browser.write_images("ninth.f32", test::tiny_latents(1, 9, 1));
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
  test::write_points(browser);
  browser.write_images("typical-1.f32", test::tiny_latents(1, 0, 1, 0.7f));
  browser.write_images("typical-2.f32", test::tiny_latents(2, 0, 1, 0.7f));
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
  test::write_samples(browser);
  test::write_deep(any_device(), browser);
  EXPECT_EQ(browser.run("dial_check.mjs", kScreenshots), 0);
}

TEST(Web, page_shows_a_map) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  browser.write_index(R"([{"name": "mapped", "file": "mapped.safetensors"},
                          {"name": "samples", "file": "samples.safetensors"},
                          {"name": "flatmap", "file": "flatmap.safetensors"},
                          {"name": "tiny", "file": "tiny.safetensors"}])");
  test::write_plane(any_device(), browser);
  test::write_map(browser);
  test::write_flat_map(browser);
  EXPECT_EQ(browser.run("map_check.mjs", kScreenshots), 0);
}

TEST(Web, page_computes_on_the_card_or_the_processor) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_points(browser);
  test::write_drawing(browser, "grays", 9 * 7);
  test::write_deep(any_device(), browser);
  EXPECT_EQ(browser.run("device_check.mjs", kScreenshots), 0);
}

void check(const std::string& script, const std::string& more = kScreenshots) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_points(browser);
  test::write_plane(any_device(), browser);
  test::write_deep(any_device(), browser);
  EXPECT_EQ(browser.run(script, more), 0);
}

TEST(Web, page_survives_graphics_problems) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_plane(any_device(), browser);
  test::write_large(any_device(), browser);
  EXPECT_EQ(browser.run("graphics_check.mjs", kScreenshots), 0);
}

// Its images drawn by models that have other weights, or a latent of another size.
TEST(Web, page_compares_models) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  browser.write_index(R"([{"name": "tiny", "file": "tiny.safetensors"},
                          {"name": "other", "file": "other.safetensors"},
                          {"name": "wide", "file": "wide.safetensors"},
                          {"name": "named", "file": "named.safetensors"},
                          {"name": "gone", "file": "gone.safetensors"}])");
  test::write_points(browser);
  std::vector<float> stops = test::tiny_latents(1, 0, 1);
  for (const std::vector<float>& stop :
       {test::tiny_latents(1, 5, 1), {0.5f, -1, 2}, test::tiny_latents(1, 1, 1)}) {
    stops.insert(stops.end(), stop.begin(), stop.end());
  }
  browser.write_images(
      "tour.f32",
      web::path_latents(stops, 3, {.spherical = false, .frames = 6, .ending = web::Ending::kTour}));
  test::write_other(any_device(), browser);
  test::write_wide(any_device(), browser);
  test::write_named(any_device(), browser);
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
  test::write_samples(browser);
  test::write_named(any_device(), browser);
  EXPECT_EQ(browser.run("class_check.mjs", kScreenshots), 0);
}

TEST(Web, page_works_by_keyboard) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_points(browser);
  test::write_plane(any_device(), browser);
  test::write_deep(any_device(), browser);
  test::write_named(any_device(), browser);
  EXPECT_EQ(browser.run("keyboard_check.mjs", kScreenshots), 0);
}

// What it saves is compared as a result of the program is.
TEST(Web, page_measures_training) {
  if (!test::has_page()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(any_device());
  test::write_samples(browser);
  test::write_named(any_device(), browser);
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
  test::write_samples(browser);
  test::write_plane(any_device(), browser);
  test::write_other(any_device(), browser);
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
