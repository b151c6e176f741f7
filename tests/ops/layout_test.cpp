#include <gtest/gtest.h>

#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

/// x[start … start+length) along `axis`; past the ends of x it is zero.
Array window(const Array& x, int axis, int64_t start, uint32_t length) {
  std::vector<uint32_t> extents = x.shape.extents();
  extents[axis] = length;
  return build(Shape(extents), [&](Position position) {
    int64_t from = position[axis] + start;
    if (from < 0 || from >= x.shape[axis]) return 0.0;
    position[axis] = static_cast<uint32_t>(from);
    return x.at(position);
  });
}

Array joined(const Arrays& parts, int axis) {
  std::vector<uint32_t> extents = parts[0].shape.extents();
  extents[axis] = 0;
  for (const Array& part : parts) extents[axis] += part.shape[axis];
  return build(Shape(extents), [&](Position position) {
    size_t part = 0;
    while (position[axis] >= parts[part].shape[axis]) position[axis] -= parts[part++].shape[axis];
    return parts[part].at(position);
  });
}

OP_TEST(reshape) {
  return {
      .shapes = {{{12}}, {{3, 4}}, {{2, 1, 6}}},
      .run =
          [](const Tensors& in) {
            return ops::exp(ops::reshape(ops::exp(in[0]), {2, 6}));
          },
      .reference =
          [](const Arrays& in) {
            return array({2, 6}, map(in[0], [](double x) { return std::exp(std::exp(x)); }).values);
          },
      .inputs = between(-1, 1),
      .check = Check::kSecondGradient,
  };
}

OP_TEST(reshape_of_an_input) {
  return {
      .shapes = {{{3, 2}}, {{6}}},
      .run =
          [](const Tensors& in) {
            return ops::reshape(ops::reshape(in[0], {2, 3}), {6});
          },
      .reference = [](const Arrays& in) { return array({6}, in[0].values); },
  };
}

const std::vector<std::vector<Shape>> kCubes = {
    {{4, 5, 6}}, {{4, 5, 1}}, {{4, 257, 3}}, {{4, 5, 8}}};

OP_TEST(slice_the_first_axis) {
  return {
      .shapes = kCubes,
      .run = [](const Tensors& in) { return ops::slice(in[0], 0, 1, 2); },
      .reference = [](const Arrays& in) { return window(in[0], 0, 1, 2); },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(slice_the_middle_axis) {
  return {
      .shapes = kCubes,
      .run = [](const Tensors& in) { return ops::slice(in[0], 1, 0, 4); },
      .reference = [](const Arrays& in) { return window(in[0], 1, 0, 4); },
  };
}

OP_TEST(slice_the_last_axis) {
  return {
      .shapes = {{{4, 5, 6}}, {{7}}, {{2, 1025}}, {{3, 8}}},
      .run = [](const Tensors& in) { return ops::slice(in[0], -1, 4, 1); },
      .reference =
          [](const Arrays& in) {
            return window(in[0], static_cast<int>(in[0].shape.rank()) - 1, 4, 1);
          },
  };
}

OP_TEST(slice_of_everything) {
  return {
      .shapes = {{{3, 4}}},
      .run = [](const Tensors& in) { return ops::slice(in[0], 1, 0, 4); },
      .reference = [](const Arrays& in) { return in[0]; },
  };
}

OP_TEST(pad_the_first_axis) {
  return {
      .shapes = kCubes,
      .run = [](const Tensors& in) { return ops::pad(in[0], 0, 3, 9); },
      .reference = [](const Arrays& in) { return window(in[0], 0, -3, 9); },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(pad_the_middle_axis) {
  return {
      .shapes = kCubes,
      .run = [](const Tensors& in) { return ops::pad(in[0], -2, 0, 263); },
      .reference = [](const Arrays& in) { return window(in[0], 1, 0, 263); },
  };
}

OP_TEST(pad_the_last_axis) {
  return {
      .shapes = {{{4, 5, 6}}, {{7}}, {{2, 1}}},
      .run = [](const Tensors& in) { return ops::pad(in[0], -1, 2, 9); },
      .reference =
          [](const Arrays& in) {
            return window(in[0], static_cast<int>(in[0].shape.rank()) - 1, -2, 9);
          },
  };
}

OP_TEST(concat_along_the_first_axis) {
  return {
      .shapes = {{{2, 3}, {1, 3}},
                 {{1}, {1}},
                 {{255}, {2}},
                 {{2, 12}, {3, 12}},
                 {{3, 5, 7}, {2, 5, 7}, {1, 5, 7}}},
      .run = [](const Tensors& in) { return ops::concat(in, 0); },
      .reference = [](const Arrays& in) { return joined(in, 0); },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(concat_along_the_middle_axis) {
  return {
      .shapes = {{{2, 3, 5}, {2, 4, 5}}, {{3, 1, 1}, {3, 1, 1}, {3, 2, 1}, {3, 7, 1}}},
      .run = [](const Tensors& in) { return ops::concat(in, 1); },
      .reference = [](const Arrays& in) { return joined(in, 1); },
  };
}

OP_TEST(concat_along_the_last_axis) {
  return {
      .shapes = {{{2, 3}, {2, 1}}, {{5, 2, 3}, {5, 2, 300}}, {{67, 8}, {67, 20}}, {{4}}},
      .run = [](const Tensors& in) { return ops::concat(in, -1); },
      .reference =
          [](const Arrays& in) { return joined(in, static_cast<int>(in[0].shape.rank()) - 1); },
  };
}

// Two pieces of one tensor: their gradients add up.
OP_TEST(concat_of_slices) {
  return {
      .shapes = {{{5, 7}}},
      .run =
          [](const Tensors& in) {
            return ops::concat({ops::slice(in[0], 1, 2, 4), ops::slice(in[0], 1, 0, 3)}, 1);
          },
      .reference =
          [](const Arrays& in) {
            return joined({window(in[0], 1, 2, 4), window(in[0], 1, 0, 3)}, 1);
          },
  };
}

OP_TEST(constant) {
  return {
      .shapes = {{{1}}, {{3, 86}}},
      .run = [](const Tensors& in) { return ops::constant(in[0].graph(), in[0].shape(), -1.5f); },
      .reference = [](const Arrays& in) { return map(in[0], [](double) { return -1.5; }); },
  };
}

DEVICE_TEST(Layout, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {2, 3}, 1);
  EXPECT_EQ(error_of([&] { ops::reshape(x, {5}); }), "reshape: [2, 3] does not fit [5]");
  EXPECT_EQ(error_of([&] { ops::slice(x, 2, 0, 1); }), "slice: no axis 2 in [2, 3]");
  EXPECT_EQ(error_of([&] { ops::slice(x, 1, 2, 2); }),
            "slice: 2 elements from 2 are not within axis 1 of [2, 3]");
  EXPECT_EQ(error_of([&] { ops::slice(x, 1, 0xffffffffu, 2); }),
            "slice: 2 elements from 4294967295 are not within axis 1 of [2, 3]");
  EXPECT_EQ(error_of([&] { ops::pad(x, 1, 2, 4); }), "pad: 3 elements from 2 are not within 4");
  EXPECT_EQ(error_of([&] { ops::concat({}, 0); }), "concat: expects at least one tensor, got none");
  EXPECT_EQ(error_of([&] {
              ops::concat({x, ops::constant(graph, {3, 3}, 1)}, 1);
            }),
            "concat: shapes [2, 3] and [3, 3] differ beyond axis 1");
  EXPECT_EQ(error_of([&] {
              ops::concat({x, ops::constant(graph, {3}, 1)}, 0);
            }),
            "concat: shapes [2, 3] and [3] differ in rank");
}

}  // namespace
}  // namespace pumice::test
