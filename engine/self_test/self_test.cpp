#include "engine/self_test/self_test.h"

#include <array>

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/ops/shares.h"
#include "engine/self_test/cases.h"
#include "engine/self_test/judge.h"

namespace pumice::self_test {
namespace {

using ops::GemmCore;

constexpr std::array kCores = {
    GemmCore::kPanels,        GemmCore::kSubgroup,      GemmCore::kRegisters, GemmCore::kRow,
    GemmCore::kScalar,        GemmCore::kTile,          GemmCore::kBlock64,   GemmCore::kBlock128,
    GemmCore::kCooperative64, GemmCore::kCooperative128};

constexpr double kSplitTolerance = 2e-4;  // what split factors add to a case's tolerance

/// The cores for which a device's rule decides, whatever the shape.
bool is_used(GemmCore core, const hal::Limits& limits) {
  const ops::GemmShape whole{.m = 32, .n = 64, .k = 64}, odd{.m = 33, .n = 35, .k = 33};
  if (ops::is_tile(core)) {
    const bool uses_tiles = ops::is_tile(ops::choose_core(odd, limits));
    return uses_tiles && (core == GemmCore::kTile || limits.prefers.many_threads);
  }
  return core == ops::choose_core(whole, limits) || core == ops::choose_core(odd, limits);
}

/// Terms are split only where the device has many threads: here wherever a core can do it.
/// Cooperative matrices compute with split factors, which come close to f32.
hal::Limits limits_for(GemmCore core, hal::Limits limits) {
  limits.prefers.disabled = {};
  if (ops::is_tile(core)) limits.prefers.many_threads = true;
  if (ops::is_cooperative(core)) {
    limits.prefers.precision = hal::Precision::kSplit;
    limits.prefers.register_tiles = false;
  }
  return limits;
}

/// A case's inputs and what its reference makes of them.
struct Prepared {
  const Case* source;
  Inputs inputs;
  Wanted wanted;
};

Prepared prepare(const Case& c) {
  Prepared result{.source = &c, .inputs = {}, .wanted = {.values = {}, .tolerance = c.tolerance}};
  for (uint32_t i = 0; i < c.shapes.size(); ++i) result.inputs.push_back(numbers(c.shapes[i], i));
  result.wanted.values = c.reference(result.inputs);
  return result;
}

std::vector<Prepared> prepare(const Group& group, Form form) {
  std::vector<Prepared> all;
  for (const Case& c : group.cases) {
    if (form == Form::kLong || c.in_short_form) all.push_back(prepare(c));
  }
  return all;
}

Tensor upload(hal::Device& device, Graph& graph, const Numbers& numbers) {
  const std::vector<float> values(numbers.values.begin(), numbers.values.end());
  const hal::BufferPtr buffer =
      device.allocate(padded_bytes(numbers.shape, DType::kF32), "self-test");
  device.write(*buffer, std::as_bytes(std::span(values)));
  return graph.external(buffer, numbers.shape, DType::kF32);
}

/// All cases in one program.
void run_cases(hal::Device& device, const hal::Limits& limits, const std::vector<Prepared>& cases,
               Row& row) {
  row.cases = static_cast<uint32_t>(cases.size());
  judge(row, [&] {
    Graph graph(limits);
    Tensors outputs;
    std::vector<Wanted> wanted;
    for (const Prepared& c : cases) {
      Tensors inputs;
      for (const Numbers& input : c.inputs) inputs.push_back(upload(device, graph, input));
      outputs.push_back(c.source->run(inputs));
      wanted.push_back(c.wanted);
    }
    Step step(device, graph, "self-test", outputs);
    compare(row, step, outputs, wanted);
  });
}

/// A run with all that is needed on the way.
struct Run {
  hal::Device& device;
  Form form;
  const std::function<void(const Row&)>& progress;
  Report report;

  void add(Row row) {
    if (progress) progress(row);
    report.rows.push_back(std::move(row));
  }

  void add_group(const Group& group) {
    Row row{.family = group.family, .variant = "-"};
    run_cases(device, device.limits(), prepare(group, form), row);
    add(std::move(row));
  }

  void add_core(const Group& group, GemmCore core, const std::vector<Prepared>& all) {
    const hal::Limits limits = limits_for(core, device.limits());
    std::vector<Prepared> cases;
    for (const Prepared& c : all) {
      if (!c.source->can_compute(core, limits)) continue;
      cases.push_back(c);
      if (ops::is_cooperative(core)) cases.back().wanted.tolerance += kSplitTolerance;
    }
    if (cases.empty()) return;
    const ops::ForcedCore forced(core);
    Row row{.family = group.family,
            .variant = std::string(ops::short_name(core)),
            .kind = group.kind,
            .core = core};
    run_cases(device, limits, cases, row);
    add(std::move(row));
  }

  void add_cores(const Group& group) {
    hal::Limits limits = device.limits();
    limits.prefers.disabled = {};  // they may be right now
    const std::vector<Prepared> all = prepare(group, form);
    for (GemmCore core : kCores) {
      if (form == Form::kLong || is_used(core, limits)) add_core(group, core, all);
    }
  }
};

}  // namespace

std::string_view name(Verdict verdict) {
  constexpr std::array<std::string_view, 4> kNames = {"right", "wrong", "varies", "failed"};
  return kNames.at(static_cast<size_t>(verdict));
}

Report run(hal::Device& device, Form form, const std::function<void(const Row&)>& progress) {
  Run run{
      .device = device, .form = form, .progress = progress, .report = {.form = form, .rows = {}}};
  run.add_cores(products());
  if (form == Form::kLong) run.add_cores(epilogues());
  run.add_cores(convolutions());
  run.add_cores(transposed_convolutions());
  run.add_cores(weight_gradients());
  if (form == Form::kShort) return run.report;
  for (const Group& group : {batch_norms(), layer_norms(), reductions(), lstms(), losses()}) {
    run.add_group(group);
  }
  for (const Group& group :
       {differentiated_products(), batch_norms(), layer_norms(), lstms(), losses()}) {
    run.add_group(gradients_of(group));
  }
  run.add_group(with_gradients(losses()));
  run.add(random_numbers(device));
  return run.report;
}

Disabled disabled_by(const Report& report) {
  Disabled disabled;
  for (const Row& row : report.rows) {
    if (row.verdict == Verdict::kRight || row.kind == Family::kOther) continue;
    const uint32_t bit = 1u << static_cast<uint32_t>(row.core);
    if (row.core == GemmCore::kSubgroup) {
      disabled.features |= static_cast<uint32_t>(hal::Feature::kTexelBuffer);
    } else if (row.kind == Family::kProduct) {
      disabled.cores.products |= bit;
    } else if (row.kind == Family::kConvolution) {
      disabled.cores.convolutions |= bit;
    } else {
      disabled.cores.weight_gradients |= bit;
    }
  }
  return disabled;
}

}  // namespace pumice::self_test
