#include "web/state/permalink.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "web/state/point_text.h"

namespace pumice::web {
namespace {

TEST(Permalink, reads_what_it_wrote) {
  Permalink link;
  link.model = "digits";
  link.tab = "Interpolate";
  link.label = 7;
  link.seed = 18446744073709551615u;
  link.truncation = 0.7f;
  link.side = 3;
  link.latent = {0.5f, -1, 2};
  link.slots = {slot_of({.seed = 3, .index = 7, .truncation = 0.5f}, 3),
                Slot{{1, 2, 3}, std::nullopt, "drawn"}};
  link.path = {.spherical = false, .frames = 24, .speed = 30, .ending = Ending::kWander};
  link.beside = "others";
  link.beside_label = 4;
  link.map_by_numbers = true;
  const Permalink back = permalink_from_lines(permalink_to_lines(link));
  EXPECT_EQ(back.beside, "others");
  EXPECT_EQ(back.beside_label, 4u);
  EXPECT_TRUE(back.map_by_numbers);
  EXPECT_FALSE(permalink_from_lines("plane=components").map_by_numbers);
  EXPECT_EQ(back.model, link.model);
  EXPECT_EQ(back.tab, link.tab);
  EXPECT_EQ(back.label, 7u);
  EXPECT_EQ(back.seed, link.seed);
  EXPECT_EQ(back.truncation, link.truncation);
  EXPECT_EQ(back.side, link.side);
  EXPECT_EQ(back.latent, link.latent);
  EXPECT_EQ(back.slots[0].sample, link.slots[0].sample);
  EXPECT_EQ(back.slots[1].latent, link.slots[1].latent);
  EXPECT_EQ(back.path, link.path);
}

// The typical point of the seed is not written; the origin is, whatever its size.
TEST(Permalink, writes_the_origin_as_one_zero) {
  EXPECT_EQ(permalink_to_lines({.latent = {}}).find("latent"), std::string::npos);
  const std::string lines = permalink_to_lines({.latent = std::vector<float>(128)});
  EXPECT_NE(lines.find("\nlatent=0\n"), std::string::npos) << lines;
  EXPECT_EQ(permalink_from_lines(lines).latent, std::vector<float>{0});
}

TEST(Permalink, keeps_way_points) {
  Permalink link;
  link.way_points = {slot_of({.seed = 3, .index = 7}, 3),
                     Slot{{1, 2.5f, 3}, std::nullopt, "drawn"}};
  const std::string lines = permalink_to_lines(link);
  EXPECT_NE(lines.find("\nvia=3:7;1,2.5,3\n"), std::string::npos) << lines;
  const Permalink back = permalink_from_lines(lines);
  ASSERT_EQ(back.way_points.size(), 2u);
  EXPECT_EQ(back.way_points[0].sample, link.way_points[0].sample);
  EXPECT_EQ(back.way_points[1].latent, link.way_points[1].latent);
  EXPECT_EQ(permalink_from_lines("via=1:1;1:2;1:3;1:4;1:5;1:6;1:7").way_points.size(),
            kMostWayPoints);
}

TEST(Permalink, leaves_out_way_points_that_it_cannot_read) {
  EXPECT_TRUE(permalink_from_lines("via=Interpolate").way_points.empty());
  const Permalink link = permalink_from_lines("via=;x;1:2;;3,4");
  ASSERT_EQ(link.way_points.size(), 2u);
  EXPECT_TRUE(link.way_points[0].sample);
  EXPECT_EQ(link.way_points[1].latent, (std::vector<float>{3, 4}));
}

TEST(Permalink, knows_every_ending) {
  for (Ending ending :
       {Ending::kStop, Ending::kLoop, Ending::kWander, Ending::kBack, Ending::kTour}) {
    Permalink link;
    link.path.frames = 5;
    link.path.ending = ending;
    EXPECT_EQ(permalink_from_lines(permalink_to_lines(link)).path, link.path);
  }
}

TEST(Permalink, keeps_defaults_for_what_it_cannot_read) {
  const Permalink link = permalink_from_lines(
      "seed=x\nside=999\ntruncation=9\npath=linear:0\nlatent=nan,1\nnonsense\na=::\n=\nunknown=1");
  EXPECT_EQ(link.seed, 1u);
  EXPECT_EQ(link.side, kLargestGrid);
  EXPECT_EQ(link.truncation, 1.5f);
  EXPECT_EQ(link.path.frames, 2);
  EXPECT_EQ(link.path.speed, 1);
  EXPECT_TRUE(link.latent.empty());
  EXPECT_EQ(link.slots[0].sample, Sample{});
  EXPECT_EQ(permalink_from_lines("").path, Path{});
  for (std::string_view value : {"nan", "-nan", "inf"}) {
    const Permalink odd = permalink_from_lines(
        fmt::format("truncation={0}\na=3:7:{0}\npath=linear:6:{0}:loop", value));
    EXPECT_EQ(odd.truncation, 1) << value;
    EXPECT_EQ(odd.slots[0].sample->truncation, 1) << value;
    EXPECT_EQ(odd.path.speed, Path{}.speed) << value;
  }
}

TEST(PointText, packs_points_of_many_numbers) {
  for (size_t size : {9, 10, 11, 64, 128}) {
    std::vector<float> point = models::normal_latents(1, 0, 1, static_cast<uint32_t>(size));
    const std::string text = point_to_text(point);
    EXPECT_LE(text.size(), 1 + (size * 16 + 5) / 6);
    const std::vector<float> back = point_from_text(text);
    ASSERT_EQ(back.size(), size);
    for (size_t i = 0; i < size; ++i) EXPECT_NEAR(back[i], point[i], 1.0f / 8192);
  }
  EXPECT_EQ(point_from_text(point_to_text(std::vector<float>(9, 100)))[8], 32767.0f / 4096);
}

TEST(PointText, reads_as_far_as_it_can) {
  EXPECT_EQ(point_from_text("1,2.5,x,3"), (std::vector<float>{1, 2.5f}));
  EXPECT_TRUE(point_from_text("~A!").empty());
  EXPECT_TRUE(point_from_text("").empty());
}

}  // namespace
}  // namespace pumice::web
