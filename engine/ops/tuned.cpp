#include "engine/ops/tuned.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/overloaded.h"
#include "engine/ops/shares.h"
#include "kernels/sum_terms.h"

namespace pumice::ops {
namespace {

constexpr GemmCore kCores[] = {
    GemmCore::kTile,           GemmCore::kBlock64,  GemmCore::kBlock128,  GemmCore::kCooperative64,
    GemmCore::kCooperative128, GemmCore::kSubgroup, GemmCore::kRegisters, GemmCore::kRow,
    GemmCore::kScalar,         GemmCore::kPanels,
};

constexpr uint64_t kFewestTermsOfPart = 32;
constexpr uint64_t kMostGroups = 16;  // per workgroup that keeps the device busy

Work work_of_weights(const ConvShape& shape) {
  return {.rows = uint64_t{shape.taps()} * shape.in_channels,
          .columns = shape.out_channels,
          .terms = shape.out_pixels()};
}

Work work_for(const Problem& problem) {
  return std::visit(Overloaded{[](const GemmShape& shape) { return work_of(shape); },
                               [](const ConvShape& shape) { return work_of(shape); },
                               [](const ConvWeights& w) { return work_of_weights(w.conv); }},
                    problem);
}

bool can_run(GemmCore core, const Problem& problem, const hal::Limits& limits) {
  return std::visit(
      Overloaded{
          [&](const GemmShape& shape) { return can_compute(core, shape, limits); },
          [&](const ConvShape& shape) { return can_convolve(core, shape, limits); },
          [&](const ConvWeights& weights) { return can_convolve(core, weights.conv, limits); }},
      problem);
}

bool can_split(GemmCore core, const Problem& problem) {
  if (std::holds_alternative<ConvWeights>(problem)) return true;
  if (std::holds_alternative<ConvShape>(problem)) return is_tile(core) && core != GemmCore::kTile;
  return is_tile(core);
}

/// Those that failed the device's self-test.
uint32_t disabled_for(const Problem& problem, const hal::DisabledCores& disabled) {
  return std::visit(Overloaded{[&](const GemmShape&) { return disabled.products; },
                               [&](const ConvShape&) { return disabled.convolutions; },
                               [&](const ConvWeights&) { return disabled.weight_gradients; }},
                    problem);
}

/// Cores for other kinds of devices are known to be slow (see choose_core), and others round
/// differently: a faster core must not change the precision.
bool is_of_same_kind(GemmCore a, GemmCore b) {
  return is_tile(a) == is_tile(b) && is_cooperative(a) == is_cooperative(b) &&
         (a == GemmCore::kPanels) == (b == GemmCore::kPanels) &&
         (a == GemmCore::kSubgroup) == (b == GemmCore::kSubgroup);
}

struct Tiles {
  uint64_t rows = 0;
  uint64_t columns = 0;
};

Tiles tiles_of(GemmCore core, const Work& work, const hal::Limits& limits) {
  const GemmTile tile = tile_of(core, limits);
  return {divide_up(work.rows, uint64_t{tile.rows}),
          divide_up(work.columns, uint64_t{tile.columns})};
}

uint64_t most_parts(GemmCore core, const Work& work, const hal::Limits& limits) {
  const auto [rows, columns] = tiles_of(core, work, limits);
  const uint64_t bytes = 4 * work.layers * work.rows * work.columns;
  return std::min({work.terms / kFewestTermsOfPart, most_partial_bytes(limits) / bytes,
                   kMostGroups * limits.prefers.workgroups / (work.layers * rows * columns),
                   limits.max_groups / work.layers});
}

bool fits_grid(GemmCore core, const Work& work, const hal::Limits& limits) {
  const auto [rows, columns] = tiles_of(core, work, limits);
  return rows <= limits.max_groups && columns <= limits.max_groups;
}

bool is_candidate(GemmCore core, GemmCore of_rule, const Problem& problem,
                  const hal::Limits& limits) {
  return is_of_same_kind(core, of_rule) && can_run(core, problem, limits) &&
         !is_disabled(disabled_for(problem, limits.prefers.disabled), core) &&
         fits_grid(core, work_for(problem), limits);
}

void add_once(std::vector<CoreChoice>& all, const CoreChoice& choice) {
  if (std::ranges::find(all, choice) == all.end()) all.push_back(choice);
}

}  // namespace

double cost_of(const Problem& problem) {
  const Work work = work_for(problem);
  return static_cast<double>(work.rows * work.layers) * static_cast<double>(work.columns) *
         static_cast<double>(work.terms);
}

CoreChoice rule_for(const Problem& problem, const hal::Limits& limits) {
  return std::visit(Overloaded{[&](const GemmShape& shape) -> CoreChoice {
                                 const GemmCore core = choose_core(shape, limits);
                                 return {core, split_gemm(core, shape, limits).count};
                               },
                               [&](const ConvShape& shape) -> CoreChoice {
                                 const GemmCore core = choose_conv_core(shape, limits);
                                 return {core, split_conv(core, shape, limits).count};
                               },
                               [&](const ConvWeights& weights) -> CoreChoice {
                                 const GemmCore core = choose_weights_core(weights.conv, limits);
                                 return {core, split_pixels(core, weights.conv, limits).count};
                               }},
                    problem);
}

std::vector<CoreChoice> candidates(const Problem& problem, const hal::Limits& limits) {
  const CoreChoice rule = rule_for(problem, limits);
  const Work work = work_for(problem);
  std::vector<CoreChoice> all = {rule};
  for (const GemmCore core : kCores) {
    if (!is_candidate(core, rule.core, problem, limits)) continue;
    add_once(all, {core, 1});
    const uint64_t most = can_split(core, problem) ? most_parts(core, work, limits) : 1;
    for (uint64_t parts = 2; parts <= most; parts *= 2) {
      add_once(all, {core, split_into(work.terms, parts).count});
    }
  }
  return all;
}

std::optional<CoreChoice> tuned_choice(const Problem& problem, const hal::Limits& limits) {
  if (!limits.tuning || forced_core()) return std::nullopt;
  const auto wanted = limits.tuning->find(key_of(problem, precision_on(limits)), problem);
  if (!wanted) return std::nullopt;
  for (const CoreChoice& choice : candidates(problem, limits)) {
    if (kernel_choice(choice) == *wanted) return choice;
  }
  return std::nullopt;
}

hal::KernelChoice kernel_choice(const CoreChoice& choice) {
  return {.variant = std::string(short_name(choice.core)), .parts = choice.parts};
}

std::vector<const hal::Kernel*> tuned_kernels() {
  const hal::Limits limits = {.subgroup_size = 8};
  const ConvShape conv = {1, 1, 1, 4, 1, 1, 4};
  std::vector<const hal::Kernel*> all = {&kernels::sum_terms};
  for (const GemmCore core : kCores) {
    all.push_back(launch(core, {4, 4, 4}, {}, limits).kernel);
    all.push_back(launch_conv(core, conv, {}, limits).kernel);
    all.push_back(launch_conv_weights(core, conv, {1, 16}, limits).kernel);
  }
  return all;
}

}  // namespace pumice::ops
