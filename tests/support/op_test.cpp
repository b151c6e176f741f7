#include "tests/support/op_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/finite_differences.h"

namespace pumice::test {
namespace {

/// One list of shapes of an OpTest in the graph.
struct Case {
  std::string what;
  Arrays arrays;
  std::vector<hal::BufferPtr> buffers;  // of the arrays
  Array weights;                        // of the scalar whose gradient is taken
  Arrays directions;                    // along which the gradient is differentiated again
  Tensor y = {};
  Tensors gradients = {};
  Tensors second_gradients = {};
};

std::string describe(const std::vector<Shape>& shapes) {
  std::string text;
  for (const Shape& shape : shapes) text += to_string(shape) + " ";
  return text;
}

Array random_array(const Shape& shape, const Generator& generator, size_t input,
                   std::mt19937& random) {
  Array result{shape, std::vector<double>(shape.size())};
  for (uint64_t i = 0; i < result.values.size(); ++i) {
    result.values[i] = static_cast<float>(generator(input, i, random));
  }
  return result;
}

std::vector<size_t> differentiable(const OpTest& test, size_t input_count) {
  std::vector<size_t> all = test.differentiable;
  for (size_t i = 0; all.size() < input_count && test.differentiable.empty(); ++i) all.push_back(i);
  return all;
}

void write(hal::Device& device, hal::Buffer& buffer, const Array& array) {
  std::vector<float> padded(padded_bytes(array.shape, DType::kF32) / sizeof(float), 0.0f);
  std::copy(array.values.begin(), array.values.end(), padded.begin());
  device.write(buffer, std::as_bytes(std::span(padded)));
}

hal::BufferPtr upload(hal::Device& device, const Array& array) {
  hal::BufferPtr buffer = device.allocate(padded_bytes(array.shape, DType::kF32), "test input");
  write(device, *buffer, array);
  return buffer;
}

Tensor weighted_sum(const Tensor& y, const Tensor& weights) {
  return ops::sum(ops::multiply(y, weights));
}

void add_gradients(hal::Device& device, const OpTest& test, const Tensors& inputs, Case& row,
                   std::mt19937& random) {
  Graph& graph = row.y.graph();
  row.weights = random_array(row.y.shape(), between(-1, 1), 0, random);
  Tensors variables;
  for (size_t i : differentiable(test, inputs.size())) variables.push_back(inputs[i]);
  Tensor loss = weighted_sum(row.y, upload(device, graph, row.weights));
  row.gradients = ops::gradients(loss, variables);
  if (test.check != Check::kSecondGradient) return;

  Tensor slope = ops::constant(graph, {}, 0);
  for (const Tensor& gradient : row.gradients) {
    row.directions.push_back(random_array(gradient.shape(), between(-1, 1), 0, random));
    Tensor direction = upload(device, graph, row.directions.back());
    slope = ops::add(slope, weighted_sum(gradient, direction));
  }
  row.second_gradients = ops::gradients(slope, variables);
}

Case build_case(hal::Device& device, Graph& graph, const OpTest& test,
                const std::vector<Shape>& shapes, std::mt19937& random) {
  Case row{.what = describe(shapes)};
  Tensors inputs;
  for (size_t i = 0; i < shapes.size(); ++i) {
    row.arrays.push_back(random_array(shapes[i], test.inputs, i, random));
    row.buffers.push_back(upload(device, row.arrays.back()));
    inputs.push_back(graph.external(row.buffers.back(), shapes[i], DType::kF32));
  }
  row.y = test.run(inputs);
  if (test.check != Check::kForward) add_gradients(device, test, inputs, row, random);
  return row;
}

void append(Tensors& all, const Tensors& more) { all.insert(all.end(), more.begin(), more.end()); }

/// The padding after a result must be zero.
std::vector<float> read_without_padding(Step& step, const Tensor& tensor) {
  const TensorInfo& info = tensor.graph().info(tensor);
  if (info.external) return step.read_floats(tensor);  // what follows belongs to another tensor
  const std::vector<std::byte> bytes = step.read(tensor)->take();
  std::vector<float> values =
      to_floats(bytes, padded_bytes(tensor.shape(), DType::kF32) / sizeof(float));
  for (uint64_t i = tensor.size(); i < values.size(); ++i) {
    EXPECT_EQ(values[i], 0) << "padding of " << to_string(tensor.shape());
  }
  values.resize(tensor.size());
  return values;
}

std::vector<float> read_whole(Step& step, const Tensor& tensor) {
  std::vector<float> values;
  for (const Tensor& part : tensor.graph().parts(tensor)) {
    const std::vector<float> of_part = read_without_padding(step, part);
    values.insert(values.end(), of_part.begin(), of_part.end());
  }
  return values;
}

std::vector<std::vector<float>> run_and_read(Step& step, const Tensors& outputs) {
  step.run();
  std::vector<std::vector<float>> values;
  for (const Tensor& output : outputs) values.push_back(read_whole(step, output));
  return values;
}

void check_case(const OpTest& test, const Case& row,
                const std::function<std::vector<float>(const Tensor&)>& values) {
  const Array wanted = test.reference(row.arrays);
  ASSERT_EQ(row.y.shape(), wanted.shape) << row.what;
  expect_close(values(row.y), wanted.values, test.tolerance, row.what);
  if (test.check == Check::kForward) return;

  Differences differences(test.reference, row.arrays, row.weights,
                          differentiable(test, row.arrays.size()));
  for (size_t i = 0; i < row.gradients.size(); ++i) {
    SCOPED_TRACE(row.what + "gradient for " + std::to_string(i));
    differences.check_gradient(i, values(row.gradients[i]), test.gradient_tolerance);
  }
  for (size_t i = 0; i < row.second_gradients.size(); ++i) {
    SCOPED_TRACE(row.what + "second gradient for " + std::to_string(i));
    differences.check_second_gradient(i, row.directions, values(row.second_gradients[i]),
                                      test.second_tolerance);
  }
}

/// All cases of a test in one graph, compiled: one plan instead of dozens.
struct Built {
  std::unique_ptr<Graph> graph;
  std::vector<Case> cases;
  Tensors outputs;
  std::unique_ptr<Step> step;
};

Built build(hal::Device& device, const hal::Limits& limits, std::string_view name,
            const OpTest& test) {
  std::mt19937 random(static_cast<uint32_t>(name.size()));
  Built built{.graph = std::make_unique<Graph>(limits)};
  for (const std::vector<Shape>& shapes : test.shapes) {
    built.cases.push_back(build_case(device, *built.graph, test, shapes, random));
    append(built.outputs, {built.cases.back().y});
    append(built.outputs, built.cases.back().gradients);
    append(built.outputs, built.cases.back().second_gradients);
  }
  built.step = std::make_unique<Step>(device, *built.graph, name, built.outputs);
  return built;
}

/// The bytes of the test's inputs and outputs.
uint64_t largest_bytes(const Built& built) {
  uint64_t largest = 0;
  for (const Tensor& output : built.outputs) largest = std::max(largest, output.size());
  for (const Case& row : built.cases) {
    for (const Array& input : row.arrays) largest = std::max(largest, input.shape.size());
  }
  return sizeof(float) * largest;
}

/// Built for the smallest bindings, at least `bytes`, with which the test can run.
Built build_in_parts(hal::Device& device, std::string_view name, const OpTest& test,
                     uint64_t bytes) {
  hal::Limits limits = device.limits();
  for (limits.max_binding_bytes = bytes;;
       limits.max_binding_bytes += limits.max_binding_bytes / 4) {
    try {
      return build(device, limits, name, test);
    } catch (const Error& error) {
      const bool may_bind_more = limits.max_binding_bytes < device.limits().max_binding_bytes;
      if (!may_bind_more || !std::strstr(error.what(), "device binds at most")) throw;
    }
  }
}

/// `whole`: the test without parts and its results.
void check_parts(hal::Device& device, std::string_view name, const OpTest& test, const Built& whole,
                 const std::vector<std::vector<float>>& wanted) {
  SCOPED_TRACE("in parts");
  constexpr uint64_t kSmallest = 256, kParts = 5;
  const uint64_t largest = largest_bytes(whole);
  const uint64_t first = std::max(kSmallest, largest / kParts);
  const Built built = build_in_parts(device, name, test, first);
  const uint64_t limit = built.graph->limits().max_binding_bytes;
  EXPECT_TRUE(!test.in_parts || largest <= 4 * kSmallest || limit < largest)
      << "binds " << limit << " bytes at once, of " << largest;
  const std::vector<std::vector<float>> results = run_and_read(*built.step, built.outputs);
  for (size_t i = 0; i < results.size(); ++i) {
    expect_close(results[i], {wanted[i].begin(), wanted[i].end()}, test.second_tolerance,
                 to_string(built.outputs[i].shape()));
  }
}

/// A NaN in an input must appear wherever the reference has it. It may spread: padding is zeros
/// that kernels multiply.
void check_nan(hal::Device& device, const OpTest& test, const Built& built, size_t input) {
  SCOPED_TRACE("with a NaN in input " + std::to_string(input));
  std::vector<Array> wanted;
  for (const Case& row : built.cases) {
    if (input >= row.arrays.size()) return;
    Arrays arrays = row.arrays;
    arrays[input].values[arrays[input].values.size() / 3] = NAN;
    write(device, *row.buffers[input], arrays[input]);
    wanted.push_back(test.reference(arrays));
  }
  built.step->run();
  for (size_t i = 0; i < built.cases.size(); ++i) {
    const Case& row = built.cases[i];
    const std::vector<float> got = read_whole(*built.step, row.y);
    for (size_t k = 0; k < got.size(); ++k) {
      if (std::isnan(got[k])) wanted[i].values[k] = NAN;
    }
    expect_close(got, wanted[i].values, test.tolerance, row.what);
    write(device, *row.buffers[input], row.arrays[input]);
  }
}

void run_op_test(hal::Device& device, std::string_view name, const OpTest& test) {
  const Built built = build(device, device.limits(), name, test);
  const Tensors& outputs = built.outputs;
  const std::vector<std::vector<float>> results = run_and_read(*built.step, outputs);
  EXPECT_EQ(run_and_read(*built.step, outputs), results) << "a second run differs";

  auto values = [&](const Tensor& tensor) {
    return results[std::find(outputs.begin(), outputs.end(), tensor) - outputs.begin()];
  };
  for (const Case& row : built.cases) check_case(test, row, values);
  for (size_t input : test.nan_inputs) check_nan(device, test, built, input);
  check_parts(device, name, test, built, results);
}

std::vector<std::pair<std::string, OpTest>>& all_op_tests() {
  static std::vector<std::pair<std::string, OpTest>> all;
  return all;
}

}  // namespace

Generator between(double low, double high) {
  return [=](size_t, uint64_t, std::mt19937& random) {
    return low + (high - low) * (random() * 0x1p-32);
  };
}

Generator outside(double gap, double high) {
  return [=](size_t, uint64_t, std::mt19937& random) {
    double size = gap + (high - gap) * (random() * 0x1p-32);
    return random() % 2 == 0 ? size : -size;
  };
}

Generator listed(std::vector<double> values) {
  return [=](size_t, uint64_t element, std::mt19937&) { return values[element % values.size()]; };
}

Generator distinct() {
  constexpr uint64_t kPrime = 65537;
  return [=](size_t, uint64_t element, std::mt19937&) {
    return static_cast<double>(element % kPrime * 7919 % kPrime) / 16384 - 2;
  };
}

Generator each(std::vector<Generator> of_each_input) {
  return [=](size_t input, uint64_t element, std::mt19937& random) {
    return of_each_input[std::min(input, of_each_input.size() - 1)](input, element, random);
  };
}

bool add_op_test(std::string_view name, const char* file, int line, OpTest test) {
  all_op_tests().emplace_back(name, test);
  return add_device_test("Ops", name, file, line,
                         [name = std::string(name), test = std::move(test)](hal::Device& device) {
                           run_op_test(device, name, test);
                         });
}

void compile_op_tests(hal::Device& device) {
  for (const auto& [name, test] : all_op_tests()) build(device, device.limits(), name, test);
}

Tensor upload(hal::Device& device, Graph& graph, const Array& array) {
  return graph.external(upload(device, array), array.shape, DType::kF32);
}

}  // namespace pumice::test
