#include "web/state/playback.h"

#include <gtest/gtest.h>

namespace pumice::web {
namespace {

TEST(Playback, goes_there_and_back) {
  Playback playback;
  EXPECT_FALSE(playback.advance(2.5f, 5, Ending::kBack));
  EXPECT_FLOAT_EQ(playback.position, 2.5f);
  EXPECT_FALSE(playback.advance(2, 5, Ending::kBack));  // 4.5: half a frame past the last
  EXPECT_FLOAT_EQ(playback.position, 3.5f);
  EXPECT_TRUE(playback.goes_back);
  playback.advance(4, 5, Ending::kBack);
  EXPECT_FLOAT_EQ(playback.position, 0.5f);
  EXPECT_FALSE(playback.goes_back);
  EXPECT_TRUE(playback.is_playing);
}

TEST(Playback, loops_and_stops_and_wanders) {
  Playback loops{.position = 4};
  loops.advance(1.25f, 5, Ending::kLoop);
  EXPECT_FLOAT_EQ(loops.position, 0.25f);
  Playback stops{.position = 3.5f};
  EXPECT_FALSE(stops.advance(1, 5, Ending::kStop));
  EXPECT_EQ(stops.position, 4);
  EXPECT_FALSE(stops.is_playing);
  Playback wanders{.position = 3.5f};
  EXPECT_TRUE(wanders.advance(1, 5, Ending::kWander));
  EXPECT_TRUE(wanders.is_playing);
}

// Stops at 0, 1 and 3; straight lines of three frames between them.
TEST(Path, passes_through_its_stops) {
  const std::vector<float> stops = {0, 1, 3};
  Path path{.spherical = false, .frames = 3, .ending = Ending::kStop};
  EXPECT_EQ(path_frames(3, 3, Ending::kStop), 5);
  EXPECT_EQ(path_latents(stops, 1, path), (std::vector<float>{0, 0.5f, 1, 2, 3}));
  path.ending = Ending::kTour;
  EXPECT_EQ(path_frames(3, 3, Ending::kTour), 6);
  EXPECT_EQ(path_latents(stops, 1, path), (std::vector<float>{0, 0.5f, 1, 2, 3, 1.5f}));
}

TEST(Path, of_two_frames_has_the_stops_alone) {
  const Path path{.frames = 2, .ending = Ending::kTour};
  EXPECT_EQ(path_latents(std::vector<float>{1, 0, 0, 1}, 2, path),
            (std::vector<float>{1, 0, 0, 1}));
}

TEST(Path, continues_from_the_last_frame_of_a_tour_to_the_first) {
  const std::vector<float> latents = {0, 1, 3};
  EXPECT_EQ(between_frames(latents, 1, 1.5f, Ending::kTour), std::vector<float>{2});
  EXPECT_EQ(between_frames(latents, 1, 2.5f, Ending::kTour), std::vector<float>{1.5f});
  EXPECT_EQ(between_frames(latents, 1, 2.5f, Ending::kLoop), std::vector<float>{3});
  EXPECT_TRUE(between_frames({}, 1, 0, Ending::kTour).empty());
}

// A page in the background may sleep for long.
TEST(Playback, stays_on_the_path_after_a_long_pause) {
  for (Ending ending :
       {Ending::kStop, Ending::kLoop, Ending::kWander, Ending::kBack, Ending::kTour}) {
    Playback playback{.position = 2};
    for (int i = 0; i < 3; ++i) playback.advance(1e6f, 5, ending);
    EXPECT_GE(playback.position, 0) << static_cast<int>(ending);
    EXPECT_LT(playback.position, 5) << static_cast<int>(ending);
  }
}

TEST(Playback, saves_frames_in_the_order_of_the_animation) {
  EXPECT_EQ(saved_frames(4, Ending::kLoop), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(saved_frames(4, Ending::kBack), (std::vector<int>{0, 1, 2, 3, 2, 1}));
  EXPECT_EQ(saved_frames(2, Ending::kBack), (std::vector<int>{0, 1}));
}

}  // namespace
}  // namespace pumice::web
