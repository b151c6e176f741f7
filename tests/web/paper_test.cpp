#include "web/state/paper.h"

#include <gtest/gtest.h>

namespace pumice::web {
namespace {

TEST(Paper, draws_and_erases_round_dots) {
  Paper paper({7, 5, 1});
  EXPECT_TRUE(paper.is_blank());
  paper.paint(2.5f, 3.5f, 1, false);
  const auto at = [&](size_t row, size_t column) { return paper.values()[row * 5 + column]; };
  EXPECT_EQ(at(3, 2), 1);
  EXPECT_FLOAT_EQ(at(3, 3), 0.5f);  // one pixel from the middle, at the fading edge
  EXPECT_EQ(at(3, 4), 0);
  EXPECT_EQ(at(0, 2), 0);
  paper.paint(2.5f, 3.5f, 4, true);
  EXPECT_TRUE(paper.is_blank());
}

TEST(Paper, undoes_strokes_not_dots) {
  Paper paper({4, 4, 3});
  paper.paint(1, 1, 1, false);
  paper.paint(2, 1, 1, false);
  paper.end_stroke();
  const std::vector<float> stroke = paper.values();
  EXPECT_EQ(stroke[0], stroke[1]);  // all channels
  paper.invert();
  EXPECT_EQ(paper.values()[0], 1 - stroke[0]);
  paper.undo();
  EXPECT_EQ(paper.values(), stroke);
  paper.undo();
  EXPECT_TRUE(paper.is_blank());
  EXPECT_FALSE(paper.can_undo());
  paper.redo();
  EXPECT_EQ(paper.values(), stroke);
}

TEST(Paper, measures_differences) {
  EXPECT_DOUBLE_EQ(root_mean_square({0, 1, 0, 0}, {0, 0, 0, 0}), 0.5);
  EXPECT_EQ(root_mean_square({}, {}), 0);
}

}  // namespace
}  // namespace pumice::web
