#include "engine/hal/pieces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kernels/test_affine.h"

namespace pumice::hal {
namespace {

Plan plan_of(const std::vector<Grid>& grids, const Kernel& kernel = kernels::test_affine) {
  Plan plan{.name = "plan"};
  for (const Grid& grid : grids) plan.dispatches.push_back({.kernel = &kernel, .grid = grid});
  return plan;
}

std::vector<Grid> groups_of(const std::vector<Piece>& pieces) {
  std::vector<Grid> groups;
  for (const Piece& piece : pieces) {
    for (uint32_t z = 0; z < piece.count[2]; ++z) {
      for (uint32_t y = 0; y < piece.count[1]; ++y) {
        for (uint32_t x = 0; x < piece.count[0]; ++x) {
          groups.push_back({piece.first[0] + x, piece.first[1] + y, piece.first[2] + z});
        }
      }
    }
  }
  return groups;
}

TEST(Pieces, HoldEveryWorkgroupOnce) {
  for (const Grid& grid :
       {Grid{1, 1, 1}, Grid{100, 1, 1}, Grid{7, 5, 1}, Grid{3, 1, 11}, Grid{2, 9, 4}}) {
    for (uint32_t most : {1, 2, 3, 7, 36, 500}) {
      const std::vector<Piece> pieces = in_pieces(plan_of({grid}), 0, most);
      EXPECT_LE(pieces.size(), most);
      const std::vector<Grid> groups = groups_of(pieces);
      EXPECT_EQ(groups.size(), size_t{grid[0]} * grid[1] * grid[2]);
      EXPECT_EQ(std::set<Grid>(groups.begin(), groups.end()).size(), groups.size());
    }
  }
  EXPECT_EQ(in_pieces(plan_of({{100, 1, 1}}), 0, 4).size(), 4u);
  EXPECT_EQ(in_pieces(plan_of({{2, 9, 4}}), 0, 36).size(), 36u);
}

// A kernel may ask for the number of groups along x.
TEST(Pieces, KeepXWholeWhereItMatters) {
  for (const Piece& piece : in_pieces(plan_of({{100, 2, 1}}), 0, 50)) {
    EXPECT_EQ(piece.count[0], 100u);
  }
  Kernel kernel = kernels::test_affine;
  kernel.features = static_cast<uint32_t>(Feature::kSubgroupShuffle);
  EXPECT_EQ(in_pieces(plan_of({{100, 1, 1}}, kernel), 0, 50).size(), 1u);
}

/// The seconds of each submission.
std::vector<double> seconds_of(const std::vector<std::vector<Piece>>& submissions, const Plan& plan,
                               std::span<const double> seconds) {
  std::vector<double> all;
  for (const auto& submission : submissions) {
    double& total = all.emplace_back(0);
    for (const Piece& piece : submission) {
      const Grid& grid = plan.dispatches[piece.dispatch].grid;
      total += seconds[piece.dispatch] * double(groups_of({piece}).size()) /
               (double(grid[0]) * grid[1] * grid[2]);
    }
  }
  return all;
}

TEST(Submissions, HoldWholeDispatchesWithoutALimitOfTime) {
  const Plan plan = plan_of(std::vector<Grid>(7, {100, 1, 1}));
  const auto submissions = submissions_of(plan, {}, {.dispatches = 3});
  ASSERT_EQ(submissions.size(), 3u);
  EXPECT_EQ(submissions[2], (std::vector<Piece>{{.dispatch = 6, .count = {100, 1, 1}}}));
  EXPECT_TRUE(submissions_of(plan_of({}), {}, {}).empty());
}

TEST(Submissions, KeepTheLimitOfTime) {
  const Plan plan = plan_of({{100, 1, 1}, {1000, 1, 1}, {64, 64, 1}, {1, 1, 1}, {10, 1, 1}});
  const std::vector<double> seconds{0.4, 30, 2.5, 7, 0.1};
  const auto submissions = submissions_of(plan, seconds, {.seconds = 1});
  size_t over = 0;
  for (double each : seconds_of(submissions, plan, seconds)) over += each > 1.0001 ? 1 : 0;
  EXPECT_EQ(over, 1u);  // the single workgroup that takes 7 seconds
  std::vector<size_t> order;
  for (const auto& submission : submissions) {
    for (const Piece& piece : submission) order.push_back(piece.dispatch);
  }
  EXPECT_TRUE(std::ranges::is_sorted(order));
  // Nothing is divided or kept apart without need.
  EXPECT_EQ(submissions_of(plan, seconds, {.seconds = 100}).size(), 1u);
}

}  // namespace
}  // namespace pumice::hal
