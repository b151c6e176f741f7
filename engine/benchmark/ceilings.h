#pragma once

#include "engine/benchmark/measurement.h"
#include "engine/benchmark/timing.h"
#include "engine/graph/graph.h"

namespace pumice::benchmark {

/// What a device can do at most, measured by the smallest kernels that need it.
struct Ceilings {
  Measurement multiply_adds;            ///< GFLOP/s in f32, two operations per multiply-add
  std::optional<Measurement> matrices;  ///< of f16 with f32 sums; if the device has them
  Measurement copy;                     ///< GB/s, bytes read and written
  Measurement dispatch;    ///< us of an empty dispatch and a barrier, within a submission
  Measurement submission;  ///< us of a submission, many in a row
  Measurement wait;        ///< us from a submission until the host knows that it is done

  std::vector<Measurement> all() const {
    std::vector<Measurement> all = {multiply_adds, copy, dispatch, submission, wait};
    if (matrices) all.insert(all.begin() + 1, *matrices);
    return all;
  }
  double flops_per_second() const { return 1e9 * multiply_adds.summary().median; }
  double bytes_per_second() const { return 1e9 * copy.summary().median; }
};

/// Takes about five seconds, or less if all of the benchmark is to take `seconds`. Allocates up to
/// 256 MiB.
Ceilings measure_ceilings(hal::Device& device, double seconds);

/// `copy` of the ceilings alone. Allocates up to 256 MiB.
Measurement measure_copy(hal::Device& device, const Budget& budget);

/// The kernel behind `matrices`: each of `count` sums, i mod kMatrixSums at first, plus `rounds`
/// products of a row of a's and a column of b's, both of Limits::matrix_size; [count]. Needs
/// Feature::kCooperativeMatrix and whole workgroups of kMatrixThreads.
Tensor sums_of_matrices(Graph& graph, uint32_t count, uint32_t rounds, float a, float b);

/// The kernel behind `multiply_adds`: y[i] = Σ over k < numbers of x(rounds), where x(0) = i mod 64
/// + k and x(r + 1) = a·x(r) + b; [count]. `numbers`: at most 64; on the CPU device 64,
/// on WebGPU 16 or 64.
Tensor sums_of_multiply_adds(Graph& graph, uint32_t count, uint32_t numbers, uint32_t rounds,
                             float a, float b);

}  // namespace pumice::benchmark
