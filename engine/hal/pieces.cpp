#include "engine/hal/pieces.h"

#include <algorithm>
#include <cmath>

#include "engine/base/divide_up.h"

namespace pumice::hal {
namespace {

// More would cost more in submissions than a display driver's patience is worth.
constexpr double kMostPieces = 4096;
// Measured times vary: a piece shall take half of what is allowed.
constexpr double kFraction = 0.5;

/// Divides each piece along an axis so that there are at most `most` in all.
std::vector<Piece> divide_along(size_t axis, const std::vector<Piece>& pieces, uint32_t most) {
  std::vector<Piece> divided;
  const auto parts = static_cast<uint32_t>(most / pieces.size());
  for (const Piece& piece : pieces) {
    const uint32_t step = divide_up(piece.count[axis], std::max(parts, 1u));
    for (uint32_t begin = 0; begin < piece.count[axis]; begin += step) {
      Piece& part = divided.emplace_back(piece);
      part.first[axis] = begin;
      part.count[axis] = std::min(step, piece.count[axis] - begin);
    }
  }
  return divided;
}

double groups_in(const Grid& grid) { return double(grid[0]) * grid[1] * grid[2]; }

uint32_t pieces_for(double seconds, const SubmissionLimits& limits) {
  if (limits.seconds <= 0 || seconds <= kFraction * limits.seconds) return 1;
  return static_cast<uint32_t>(
      std::min(kMostPieces, std::ceil(seconds / (kFraction * limits.seconds))));
}

}  // namespace

std::vector<Piece> in_pieces(const Plan& plan, size_t dispatch, uint32_t most) {
  const Grid& grid = plan.dispatches[dispatch].grid;
  const std::vector<Piece> whole{{.dispatch = dispatch, .count = grid}};
  if (grid[1] > 1 || grid[2] > 1) return divide_along(1, divide_along(2, whole, most), most);
  return plan.dispatches[dispatch].kernel->features == 0 ? divide_along(0, whole, most) : whole;
}

std::vector<std::vector<Piece>> submissions_of(const Plan& plan, std::span<const double> seconds,
                                               const SubmissionLimits& limits) {
  std::vector<std::vector<Piece>> submissions;
  double used = 0;
  for (size_t i = 0; i < plan.dispatches.size(); ++i) {
    const double whole = seconds.empty() ? 0 : seconds[i];
    for (const Piece& piece : in_pieces(plan, i, pieces_for(whole, limits))) {
      const double each = whole * groups_in(piece.count) / groups_in(plan.dispatches[i].grid);
      const bool is_full = submissions.empty() || submissions.back().size() >= limits.dispatches ||
                           (limits.seconds > 0 && used + each > limits.seconds);
      if (is_full) submissions.emplace_back();
      used = is_full ? each : used + each;
      submissions.back().push_back(piece);
    }
  }
  return submissions;
}

}  // namespace pumice::hal
