#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/hal/plan.h"

namespace pumice::hal {

/// A part of a dispatch: `count` workgroups from `first` along each axis.
struct Piece {
  size_t dispatch = 0;  ///< of the plan
  Grid first = {0, 0, 0};
  Grid count = {1, 1, 1};
  bool operator==(const Piece&) const = default;
};

/// The dispatch in at most `most` pieces of about the same size, in order; they may run in any
/// order and give the same bytes. Kernels may ask how many groups the grid has along x, as
/// flat_id() does; so x is only divided if it is the only axis, and not for kernels that need a
/// feature, which may use x in ways of their own.
std::vector<Piece> in_pieces(const Plan& plan, size_t dispatch, uint32_t most);

/// What one submission may hold.
struct SubmissionLimits {
  uint32_t dispatches = 256;
  double seconds = 0;  ///< 0: no limit
};

/// The plan's dispatches, divided where they take long, as submissions that keep the limits where
/// that is possible. `seconds`: of each dispatch; empty if unknown.
std::vector<std::vector<Piece>> submissions_of(const Plan& plan, std::span<const double> seconds,
                                               const SubmissionLimits& limits);

}  // namespace pumice::hal
