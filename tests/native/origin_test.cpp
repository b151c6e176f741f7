#include "native/formats/origin.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "native/formats/animation.h"
#include "native/formats/image.h"
#include "native/report/page.h"
#include "tests/support/temporary_folder.h"

namespace pumice::formats {
namespace {

const Image kImage{.width = 2, .height = 2, .channels = 3, .pixels = std::vector<uint8_t>(12)};

TEST(Origin, KnowsWhatPumiceWrote) {
  test::TemporaryFolder folder;
  write_png(folder / "a.png", kImage);
  write_animation(folder / "a.apng", {.frames = {kImage, kImage}});
#ifdef PUMICE_GIF
  write_animation(folder / "a.gif", {.frames = {kImage, kImage}});
#endif
  folder.file("a.html", report::html_page("title", nlohmann::json::object()));
  folder.file("a.json", "{\n  \"generator\": \"Pumice 1.0\"\n}\n");
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_TRUE(was_written_by_pumice(entry.path())) << entry.path();
  }
}

TEST(Origin, KnowsWhatOthersWrote) {
  test::TemporaryFolder folder;
  std::string png = encode_png(kImage);
  png.erase(png.find("tEXt") - 4, 12 + std::string("Software").size() + 1 + kGenerator.size());
  folder.file("a.png", png);
  folder.file("a.gif", "GIF89a of another program");
  folder.file("a.html", "<!doctype html><p>I trained it with Pumice.");
  folder.file("a.json", "{\"tool\": \"Pumice\"}");
  folder.file("a.txt", "Pumice");
  folder.file("empty.png", "");
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_FALSE(was_written_by_pumice(entry.path())) << entry.path();
  }
  EXPECT_FALSE(was_written_by_pumice(folder / "missing.png"));
}

}  // namespace
}  // namespace pumice::formats
