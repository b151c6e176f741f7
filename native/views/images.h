#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/models/inference.h"
#include "native/formats/image.h"

namespace pumice::views {

/// Values 0 … 1 as bytes; values outside are clamped.
std::vector<uint8_t> to_pixels(std::span<const float> values);

/// Images of a data set as network input: 0 … 1, [indices.size(), image].
std::vector<float> to_values(const data::ImageSet& images, std::span<const uint32_t> indices);

/// 0, 1, …, count-1, or as many as there are.
std::vector<uint32_t> first_indices(const data::ImageSet& images, uint32_t count);

/// Their labels, as input of a conditional model; empty without labels.
std::vector<uint32_t> to_labels(const data::ImageSet& images, std::span<const uint32_t> indices);

/// The encoder's means [indices.size(), latent] for the images, without variances.
std::vector<float> encoded_means(models::Inference& inference, const data::ImageSet& images,
                                 std::span<const uint32_t> indices);

/// Labels for `count` images of a conditional model: all `wanted`, or the classes in turn. Empty
/// if the model is not conditional. Throws Error if there is no class `wanted`.
std::vector<uint32_t> drawn_labels(const models::Inference& inference, uint32_t count,
                                   std::optional<uint32_t> wanted);

/// images [N, height·width·channels] of this shape as a grid.
formats::Image image_grid(std::span<const float> values, const Shape& shape,
                          const formats::GridOptions& options);

/// The decoded latents [N, z] as a grid. `labels`: for conditional models.
formats::Image latents_image(models::Inference& inference, std::span<const float> latents,
                             models::Inference::Labels labels,
                             const formats::GridOptions& options = {});

/// Rows of originals, each above the row of its copies.
formats::Image pairs_image(const Shape& shape, std::span<const float> originals,
                           std::span<const float> copies, uint32_t columns);

/// Ten by ten samples, those of `pumice sample` with the seed; a conditional model's classes in
/// turn.
formats::Image samples_image(models::Inference& inference, uint64_t seed);

/// Rows of samples of the seed, each on its way through the passes of a decode, at most ten of them
/// with the last. For models that take several passes.
formats::Image passes_image(models::Inference& inference, uint64_t seed);

/// Five strips of ten images that turn into each other, those of `pumice interpolate --rows 5`.
formats::Image interpolation_image(models::Inference& inference, uint64_t seed);

}  // namespace pumice::views
