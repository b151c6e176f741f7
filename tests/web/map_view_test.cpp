#include "web/state/map_view.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/models/latents.h"

namespace pumice::web {
namespace {

/// Four test images whose latents differ in numbers 3 and 1 of four, seen in turned axes.
io::LatentMap images_map() {
  return {.count = 4,
          .numbers = {3, 1},
          .latents = {0, 0, 2, 0, 0, 2, -2, -2},
          .mean = {7, 0.5f, 8, 1},
          .axes = {0.6f, 0.8f, -0.8f, 0.6f}};
}

void expect_place(Place place, float x, float y) {
  EXPECT_NEAR(place.x, x, 1e-5f);
  EXPECT_NEAR(place.y, y, 1e-5f);
}

TEST(MapView, ProjectsLatents) {
  const io::LatentMap map = images_map();
  const MapView view(map, 4, false);
  ASSERT_EQ(view.places().size(), 4u);
  expect_place(view.places()[1], 0.6f * 1 + 0.8f * -0.5f, -0.8f * 1 + 0.6f * -0.5f);
  // Numbers that are not kept do not count.
  expect_place(view.place(std::vector<float>{100, -1.5f, -100, 3}), 0.6f * 2 + 0.8f * -2,
               -0.8f * 2 + 0.6f * -2);
}

TEST(MapView, ShowsTheMostInfluentialNumbersAsTheyAre) {
  const io::LatentMap map = images_map();
  const MapView view(map, 4, true);
  expect_place(view.places()[2], 0, 2);
  expect_place(view.places()[3], -2, -2);
  expect_place(view.least(), -2, -2);
  expect_place(view.most(), 2, 2);
}

TEST(MapView, GivesLatentsWithTheAverageOfWhatIsNotKept) {
  const io::LatentMap map = images_map();
  EXPECT_EQ(MapView(map, 4, false).latent(1), (std::vector<float>{7, 0, 8, 2}));
}

TEST(MapView, GivesTheNearestPointMovedToThePlace) {
  const io::LatentMap map = images_map();
  for (bool by_numbers : {false, true}) {
    const MapView view(map, 4, by_numbers);
    const Place place = view.places()[1] + Place{0.1f, -0.2f};
    EXPECT_EQ(view.nearest(place), 1u);
    const std::vector<float> latent = view.latent_at(place);
    expect_place(view.place(latent), place.x, place.y);
    EXPECT_EQ(latent[0], 7);
    EXPECT_EQ(latent[2], 8);
    if (by_numbers) {
      EXPECT_NEAR(latent[3], 2.1f, 1e-6f);
    }
    EXPECT_EQ(view.latent_at(view.places()[1]), view.latent(1));
  }
}

TEST(MapView, MovesALatentInThePlaneAlone) {
  const io::LatentMap map = images_map();
  const MapView view(map, 4, false);
  std::vector<float> latent = {-5, 3, 9, 4};
  view.move(latent, {1, 2});
  expect_place(view.place(latent), 1, 2);
  EXPECT_EQ(latent[0], -5);
  EXPECT_EQ(latent[2], 9);
}

// Independent numbers with standard deviations 2 and 1, in axes turned by the angle of (0.6, 0.8).
TEST(MapView, ProjectsVariances) {
  const io::LatentMap map = images_map();
  const auto [x, y, both] =
      MapView(map, 4, false).spread(std::vector<float>{5, 0, 5, std::log(4.0f)});
  EXPECT_NEAR(x, 0.36f * 4 + 0.64f, 1e-5f);
  EXPECT_NEAR(y, 0.64f * 4 + 0.36f, 1e-5f);
  EXPECT_NEAR(both, -0.48f * 4 + 0.48f, 1e-5f);
}

/// Samples with places of their own, and axes of images of 1 × 2 pixels.
io::LatentMap samples_map() {
  return {.count = 4,
          .places = {0, 0, 1, 0.2f, 5, 0, 0, -3},
          .mean = {0.5f, 0.25f},
          .axes = {1, 0, 0, 2},
          .thumbnail = {1, 2, 1}};
}

TEST(MapView, KnowsItsSamples) {
  const io::LatentMap map = samples_map();
  const MapView view(map, 3, false);
  EXPECT_EQ(view.latent(2), models::normal_latents(io::kMapSeed, 2, 1, 3));
  EXPECT_EQ(view.latent_at({4.8f, 0.3f}), view.latent(2));
  EXPECT_EQ(view.sample_of(view.latent(3)), 3u);
  std::vector<float> other = view.latent(3);
  other[2] += 0.01f;
  EXPECT_EQ(view.sample_of(other), std::nullopt);
  expect_place(view.place_of_image(std::vector<float>{1, 1}, {1, 2, 1}), 0.5f, 1.5f);
}

TEST(MapView, FindsNeighboursByDirection) {
  const io::LatentMap map = samples_map();
  const MapView view(map, 3, false);
  EXPECT_EQ(view.neighbour(0, 1), 1u);
  EXPECT_EQ(view.neighbour(1, 1), 2u);
  EXPECT_EQ(view.neighbour(2, 1), 2u);
  EXPECT_EQ(view.neighbour(2, 0), 1u);
  EXPECT_EQ(view.neighbour(0, 3), 3u);
  EXPECT_EQ(view.neighbour(3, 2), 0u);
}

}  // namespace
}  // namespace pumice::web
