#include "web/drawing/touch.h"

#include <gtest/gtest.h>

namespace pumice::web {
namespace {

TEST(Touch, scrolls_or_presses_by_the_first_movement) {
  using Step = Touch::Step;
  Touch touch;
  touch.begin({100, 100});
  EXPECT_EQ(touch.move({102, 103}), Step::kWait);
  EXPECT_EQ(touch.move({103, 112}), Step::kScroll);
  EXPECT_FLOAT_EQ(touch.scrolled(), 12);
  EXPECT_EQ(touch.move({180, 105}), Step::kScroll);  // stays a scroll
  EXPECT_FLOAT_EQ(touch.scrolled(), -7);
  EXPECT_EQ(touch.scrolled(), 0);
  EXPECT_EQ(touch.end(), Step::kNothing);
  touch.begin({100, 100});
  EXPECT_EQ(touch.move({110, 102}), Step::kPress);
  EXPECT_EQ(touch.start(), (Touch::Point{100, 100}));
  EXPECT_EQ(touch.move({110, 150}), Step::kMove);
  EXPECT_EQ(touch.end(), Step::kRelease);
}

TEST(Touch, taps_and_claims) {
  using Step = Touch::Step;
  Touch touch;
  EXPECT_EQ(touch.claim(), Step::kNothing);
  touch.begin({5, 5});
  EXPECT_EQ(touch.end(), Step::kTap);
  EXPECT_FALSE(touch.is_down());
  touch.begin({5, 5});
  EXPECT_EQ(touch.claim(), Step::kPress);
  EXPECT_EQ(touch.move({5, 60}), Step::kMove);  // up and down strokes draw
  EXPECT_EQ(touch.end(), Step::kRelease);
}

}  // namespace
}  // namespace pumice::web
