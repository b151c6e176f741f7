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

// A page in the background may sleep for long.
TEST(Playback, stays_on_the_path_after_a_long_pause) {
  for (Ending ending : {Ending::kStop, Ending::kLoop, Ending::kWander, Ending::kBack}) {
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
