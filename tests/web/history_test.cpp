#include "web/state/history.h"

#include <gtest/gtest.h>

namespace pumice::web {
namespace {

TEST(History, goes_back_and_forth) {
  History<int> history;
  for (int value : {1, 2, 2, 3}) history.note(value);
  ASSERT_TRUE(history.can_undo());
  EXPECT_FALSE(history.can_redo());
  EXPECT_EQ(history.undo(), 2);
  EXPECT_EQ(history.undo(), 1);
  EXPECT_FALSE(history.can_undo());
  EXPECT_EQ(history.redo(), 2);
  history.note(2);  // what is shown after an undo is not a change
  EXPECT_TRUE(history.can_redo());
  history.note(7);
  EXPECT_FALSE(history.can_redo());
  EXPECT_EQ(history.undo(), 2);
}

TEST(History, is_limited) {
  History<int> history;
  for (int value = 0; value < 1000; ++value) history.note(value);
  int steps = 0;
  int oldest = 0;
  for (; history.can_undo(); ++steps) oldest = history.undo();
  EXPECT_EQ(steps, 199);
  EXPECT_EQ(oldest, 800);
}

}  // namespace
}  // namespace pumice::web
