#include "native/views/latent_scatter.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/require.h"
#include "native/views/images.h"

namespace pumice::views {
namespace {

using formats::Color;
using Means = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Ten classes that differ in hue and lightness (Tableau's "category 10").
constexpr std::array<Color, 10> kClassColors{{{31, 119, 180},
                                              {255, 127, 14},
                                              {44, 160, 44},
                                              {214, 39, 40},
                                              {148, 103, 189},
                                              {140, 86, 75},
                                              {227, 119, 194},
                                              {127, 127, 127},
                                              {188, 189, 34},
                                              {23, 190, 207}}};

void draw_legend(formats::Canvas& canvas, uint32_t classes, double right) {
  for (uint32_t label = 0; label < classes; ++label) {
    formats::Point at{right, 24 + 20.0 * label};
    Color color = kClassColors[label % kClassColors.size()];
    canvas.line(std::array{at, at}, color, 9);
    canvas.text({at.x + 12, at.y}, fmt::to_string(label), formats::Anchor::kStart, {40, 40, 40});
  }
}

// Makes each vector's largest entry positive: its sign is arbitrary.
Eigen::MatrixXd principal_axes(const Eigen::MatrixXd& centred) {
  const Eigen::MatrixXd covariance = centred.transpose() * centred;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  Eigen::MatrixXd axes = solver.eigenvectors().rightCols<2>().rowwise().reverse();
  for (Eigen::Index i = 0; i < 2; ++i) {
    Eigen::Index largest = 0;
    axes.col(i).cwiseAbs().maxCoeff(&largest);
    if (axes(largest, i) < 0) axes.col(i) *= -1;
  }
  return axes;
}

Eigen::MatrixXd principal_plane(const Eigen::MatrixXd& means) {
  const Eigen::MatrixXd centred = means.rowwise() - means.colwise().mean();
  return centred * principal_axes(centred);
}

// As many as an image has room for, which also bounds the memory.
std::vector<uint32_t> shown_indices(const data::ImageSet& images) {
  constexpr uint64_t kMost = 10'000;
  constexpr uint64_t kMostValues = uint64_t{1} << 26;
  return first_indices(images,
                       static_cast<uint32_t>(std::min(kMost, kMostValues / images.image_size())));
}

}  // namespace

LatentPlane latent_plane(std::span<const float> means, uint32_t size) {
  constexpr double kDeviations = 4;  // of the prior, from the centre to the edge
  require(size >= 2, "latent_plane: expected latents of 2 numbers or more, got {}", size);
  const auto rows = static_cast<Eigen::Index>(means.size() / size);
  Eigen::MatrixXd plane = Eigen::Map<const Means>(means.data(), rows, size).cast<double>();
  if (size > 2) plane = principal_plane(plane);
  LatentPlane result{.points = {}, .reach = kDeviations};
  if (size > 2 && rows > 0) result.reach = std::max(1.05 * plane.cwiseAbs().maxCoeff(), 1e-6);
  for (Eigen::Index i = 0; i < rows; ++i) result.points.push_back({plane(i, 0), plane(i, 1)});
  return result;
}

formats::Image scatter_image(models::Inference& inference, const data::ImageSet& images) {
  constexpr double kSize = 720;
  const LatentPlane plane = latent_plane(encoded_means(inference, images, shown_indices(images)),
                                         inference.latent_size());
  formats::ImageCanvas canvas(kSize + 50, kSize);
  uint32_t classes = 0;
  for (size_t i = 0; i < plane.points.size(); ++i) {
    const formats::Point at{(plane.points[i].x / plane.reach + 1) * kSize / 2,
                            (1 - plane.points[i].y / plane.reach) * kSize / 2};
    if (!(at.x >= 0 && at.x < kSize && at.y >= 0 && at.y < kSize)) continue;
    const uint32_t label = images.labels.empty() ? 0 : images.labels[i];
    classes = std::max(classes, label + 1);
    canvas.line(std::array{at, at}, kClassColors[label % kClassColors.size()], 3);
  }
  if (!images.labels.empty()) draw_legend(canvas, std::min(classes, 10u), kSize + 16);
  return canvas.image();
}

}  // namespace pumice::views
