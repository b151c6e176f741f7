#include "web/drawing/parts.h"

#include <gtest/gtest.h>

#include <string_view>

namespace pumice::web {
namespace {

// '#': a tile that has changed.
std::vector<Pixels> parts_of(std::string_view tiles, int columns) {
  std::vector<uint8_t> changed;
  for (char tile : tiles) changed.push_back(tile == '#' ? 1 : 0);
  return web::parts_of(changed, columns);
}

TEST(DamageParts, are_none_where_nothing_has_changed) {
  EXPECT_TRUE(parts_of("......", 3).empty());
}

TEST(DamageParts, join_rows_of_the_same_columns) {
  EXPECT_EQ(parts_of(".##."
                     ".##."
                     ".##.",
                     4),
            (std::vector<Pixels>{{1, 0, 3, 3}}));
}

TEST(DamageParts, cover_few_tiles_between_rather_than_being_two) {
  EXPECT_EQ(parts_of("#....#", 6), (std::vector<Pixels>{{0, 0, 6, 1}}));
  EXPECT_EQ(parts_of("#.....#", 7), (std::vector<Pixels>{{0, 0, 1, 1}, {6, 0, 7, 1}}));
}

TEST(DamageParts, follow_columns_that_change_beside_others) {
  EXPECT_EQ(parts_of("##.....#"
                     "##......"
                     "##.....#",
                     8),
            (std::vector<Pixels>{{0, 0, 2, 3}, {7, 0, 8, 3}}));
}

TEST(DamageParts, are_limited_and_cover_everything_that_has_changed) {
  constexpr int kSide = 60;
  std::vector<uint8_t> changed(kSide * kSide);
  for (size_t i = 0; i < changed.size(); i += 7 * kSide + 13) changed[i] = 1;
  for (size_t i = 5; i < changed.size(); i += 211) changed[i] = 1;
  const std::vector<Pixels> parts = web::parts_of(changed, kSide);
  EXPECT_EQ(parts.size(), kMostParts);
  for (int i = 0; i < kSide * kSide; ++i) {
    const Pixels tile{i % kSide, i / kSide, i % kSide + 1, i / kSide + 1};
    const bool is_covered =
        std::ranges::any_of(parts, [&](const Pixels& part) { return part.contains(tile); });
    EXPECT_TRUE(is_covered || changed[static_cast<size_t>(i)] == 0) << i;
  }
}

}  // namespace
}  // namespace pumice::web
