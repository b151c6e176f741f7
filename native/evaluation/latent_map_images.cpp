#include <algorithm>
#include <numeric>

#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "native/evaluation/latent_map.h"
#include "native/evaluation/latent_map_parts.h"
#include "native/views/images.h"
#include "native/views/projection.h"

namespace pumice {
namespace {

constexpr uint32_t kFewerImages = 2000;
constexpr uint32_t kMostLatentBytes = 100'000, kHalfBytes = 2;
constexpr uint32_t kMostNumbers = kMostLatentBytes / (kFewerImages * kHalfBytes);
constexpr double kActiveVariance = 0.01;

std::vector<uint32_t> indices(uint32_t first, uint32_t count) {
  std::vector<uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), first);
  return indices;
}

// In parts, which bounds the memory.
std::vector<float> means_of(models::Inference& inference, const data::ImageSet& images,
                            uint32_t count) {
  std::vector<float> means;
  for (uint32_t first = 0; first < count; first += kMapPart) {
    const std::vector<float> part =
        views::encoded_means(inference, images, indices(first, std::min(kMapPart, count - first)));
    means.insert(means.end(), part.begin(), part.end());
  }
  return means;
}

/// The average and the variance of each column.
struct Moments {
  std::vector<double> mean, variance;
};
Moments moments_of(std::span<const float> rows, uint32_t size) {
  Moments moments{std::vector<double>(size), std::vector<double>(size)};
  const size_t all = rows.size() / size;
  const auto count = static_cast<double>(all);
  for (size_t i = 0; i < rows.size(); ++i) moments.mean[i % size] += rows[i] / count;
  for (size_t i = 0; i < rows.size(); ++i) {
    const double difference = rows[i] - moments.mean[i % size];
    moments.variance[i % size] += difference * difference / count;
  }
  return moments;
}

// The columns that vary, most first: at least two.
std::vector<uint32_t> active_numbers(std::span<const double> variance) {
  std::vector<uint32_t> order = indices(0, static_cast<uint32_t>(variance.size()));
  std::ranges::stable_sort(order, std::greater(), [&](uint32_t i) { return variance[i]; });
  const auto active = static_cast<size_t>(
      std::ranges::count_if(variance, [](double value) { return value > kActiveVariance; }));
  order.resize(std::clamp<size_t>(active, 2, std::min<size_t>(order.size(), kMostNumbers)));
  return order;
}

// The squared difference of the images where that number alone is 1 and -1.
double influence_of(models::Inference& inference, uint32_t number) {
  const uint32_t size = inference.latent_size();
  std::vector<float> latents(size_t{2} * size);
  latents[number] = 1;
  latents[size + number] = -1;
  const std::vector<uint32_t> labels(inference.classes() > 0 ? 2 : 0);
  const std::vector<float> images = inference.decode(latents, labels);
  double sum = 0;
  for (size_t i = 0; i < inference.image_size(); ++i) {
    const double difference = images[i] - images[inference.image_size() + i];
    sum += difference * difference;
  }
  return sum;
}

void sort_by_influence(models::Inference& inference, std::vector<uint32_t>& numbers) {
  std::vector<double> influence(inference.latent_size());
  for (uint32_t number : numbers) influence[number] = influence_of(inference, number);
  std::ranges::stable_sort(numbers, std::greater(), [&](uint32_t i) { return influence[i]; });
}

std::vector<float> columns(std::span<const float> rows, uint32_t size,
                           std::span<const uint32_t> kept) {
  std::vector<float> values;
  for (; !rows.empty(); rows = rows.subspan(size)) {
    for (uint32_t column : kept) values.push_back(rows[column]);
  }
  return values;
}

void place(io::LatentMap& map, const Moments& moments, models::Inference& inference) {
  const uint32_t size = inference.latent_size();
  map.mean.assign(size, 0);
  if (size == 2) {
    map.axes = {1, 0, 0, 1};
    return;
  }
  map.mean.assign(moments.mean.begin(), moments.mean.end());
  const views::Projection projection =
      views::principal_projection(map.latents, static_cast<uint32_t>(map.numbers.size()));
  map.axes.assign(projection.axes.begin(), projection.axes.end());
  for (size_t i = 0; i < map.numbers.size(); ++i) {
    map.mean[map.numbers[i]] = static_cast<float>(projection.mean[i]);
  }
}

// Of the kept numbers, [N, 2].
std::vector<float> places_of(const io::LatentMap& map) {
  const size_t size = map.numbers.size();
  std::vector<float> places;
  for (size_t point = 0; point < map.count; ++point) {
    for (size_t axis = 0; axis < 2; ++axis) {
      float sum = 0;
      for (size_t i = 0; i < size; ++i) {
        sum +=
            map.axes[axis * size + i] * (map.latents[point * size + i] - map.mean[map.numbers[i]]);
      }
      places.push_back(sum);
    }
  }
  return places;
}

void add_labels(io::LatentMap& map, const data::ImageSet& images) {
  if (images.labels.empty() || images.classes() > kMostMapClasses) return;
  map.labels.assign(images.labels.begin(), images.labels.begin() + map.count);
  map.class_names = images.class_names;
}

}  // namespace

io::LatentMap map_of_images(models::Inference& inference, const data::ImageSet& images) {
  require(images.count > 0, "expected test images, found none");
  const uint32_t size = inference.latent_size();
  io::LatentMap map{.count = std::min(images.count, io::kMostMapPoints)};
  std::vector<float> means = means_of(inference, images, map.count);
  const Moments moments = moments_of(means, size);
  map.numbers = size == 2 ? indices(0, 2) : active_numbers(moments.variance);
  const uint64_t bytes = uint64_t{map.count} * map.numbers.size() * kHalfBytes;
  if (bytes > kMostLatentBytes) map.count = std::min(map.count, kFewerImages);
  if (size > 2) sort_by_influence(inference, map.numbers);
  means.resize(size_t{map.count} * size);
  map.latents = columns(means, size, map.numbers);
  map.text = fmt::format("{} by their latents", count_of(map.count, "test image"));
  place(map, moments, inference);
  add_labels(map, images);
  map.thumbnail_points = scattered_points(places_of(map), kMapThumbnails);
  map.thumbnail = io::shrunk_shape(inference.image());
  map.thumbnails = views::to_pixels(
      shrunk_images(views::to_values(images, map.thumbnail_points), inference.image()));
  return map;
}

}  // namespace pumice
