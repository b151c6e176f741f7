#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pumice::web {

/// A unit vector of the latent space.
using Direction = std::vector<float>;

/// AᵀA [columns, columns] of a matrix A [rows, columns].
std::vector<double> gram_matrix(std::span<const float> matrix, uint32_t columns);

/// The eigenvectors of the at most `count` largest eigenvalues of a symmetric, positive
/// semi-definite matrix [size, size], largest first, by power iteration with deflation. Their
/// largest component is positive. Eigenvalues below 1e-6 of the largest count as zero and are left
/// out.
std::vector<Direction> leading_eigenvectors(std::vector<double> matrix, uint32_t size,
                                            uint32_t count);

/// How far `point` is along `direction`.
float coordinate(std::span<const float> point, const Direction& direction);
/// Moves `point` along `direction` until its coordinate is `value`.
void set_coordinate(std::span<float> point, const Direction& direction, float value);

/// Moves `point` so that its coordinates along all `kept` directions, which need not be
/// orthogonal, are those of `before`.
void restore_coordinates(std::span<float> point, std::span<const float> before,
                         std::span<const Direction> kept);

}  // namespace pumice::web
