#include "engine/graph/fuse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/graph/lower.h"
#include "engine/graph/step.h"
#include "engine/hal/null/null_device.h"
#include "engine/hal/pack.h"
#include "engine/ops/activation.h"
#include "engine/ops/ops.h"
#include "kernels/fill.h"
#include "tests/support/devices.h"
#include "tests/support/limits.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using ops::Activation;

/// The gradients of activations that have a dispatch of their own.
size_t own_dispatches_of(const hal::Plan& plan) {
  const auto is_one = [](const hal::Dispatch& dispatch) {
    return std::string_view(dispatch.kernel->name).starts_with("activate_gradient");
  };
  return static_cast<size_t>(std::ranges::count_if(plan.dispatches, is_one));
}

size_t dispatches_of(const hal::Plan& plan, std::string_view kernel) {
  return static_cast<size_t>(std::ranges::count_if(
      plan.dispatches, [&](const hal::Dispatch& d) { return d.kernel->name == kernel; }));
}

/// On a device that fuses, without running anything.
class FuseTest : public testing::Test {
 protected:
  Tensor input(const Shape& shape) {
    return graph_.external(device_->allocate(padded_bytes(shape, DType::kF32), "x"), shape,
                           DType::kF32);
  }
  Tensor layer(const Tensor& x, uint32_t columns, Activation activation = Activation::kTanh) {
    return ops::matmul(x, input({x.shape()[1], columns}), {.activation = activation});
  }
  size_t own_dispatches(const Tensors& outputs, Sharing sharing = Sharing::kByLifeTime) {
    return own_dispatches_of(plan_of(outputs, sharing));
  }
  hal::Plan plan_of(const Tensors& outputs, Sharing sharing = Sharing::kByLifeTime) {
    return lower(graph_, "step", outputs, sharing).plan;
  }

  std::unique_ptr<hal::null::NullDevice> device_ =
      hal::null::create_device(limits_of(hal::DeviceType::kCpu, 8));
  Graph graph_{device_->limits()};
};

TEST_F(FuseTest, ReplacesProductsThatOnlyAnActivationsGradientReads) {
  const Tensor x = input({8, 12});
  const Tensor y = layer(layer(layer(x, 16), 20), 4);
  const Tensors dx = ops::gradients(ops::mean(y), {x});
  EXPECT_EQ(own_dispatches(dx), 1u);  // the last layer's: a mean's gradient is a constant
  EXPECT_EQ(own_dispatches(dx, Sharing::kNone), 3u);
}

TEST_F(FuseTest, LeavesAProductThatIsAnOutput) {
  const Tensor x = input({8, 12});
  const Tensor h = layer(x, 16);
  const Tensors gradients = ops::gradients(ops::mean(layer(h, 20, Activation::kNone)), {x, h});
  EXPECT_EQ(own_dispatches({gradients[0]}), 0u);
  EXPECT_EQ(own_dispatches(gradients), 1u);
}

TEST_F(FuseTest, LeavesAProductThatTwoGradientsRead) {
  const Tensor x = input({8, 12});
  const Tensor sum = ops::add(layer(x, 16), layer(x, 16, Activation::kSigmoid));
  const Tensors dx = ops::gradients(ops::mean(layer(sum, 20, Activation::kNone)), {x});
  EXPECT_EQ(own_dispatches(dx), 2u);
}

// The fused node would read what the update has not changed yet.
TEST_F(FuseTest, LeavesAnActivationThatChangesBeforeItsGradient) {
  const Tensor v = ops::exp(input({8, 12}));
  const Tensor dy = ops::matmul(input({8, 16}), input({16, 12}), {});
  graph_.add({.kernel = &kernels::fill,
              .updates = {v},
              .params = pack(kernels::FillParams{.count = 96, .value = 2})});
  EXPECT_EQ(own_dispatches({ops::activation_gradient(dy, v, Activation::kTanh, 0)}), 1u);
}

// Other nodes may use that memory until the gradient writes it.
TEST_F(FuseTest, LeavesAGradientThatGoesToExternalMemory) {
  const Tensor v = ops::exp(input({8, 12}));
  const Tensor dy = ops::matmul(input({8, 16}), input({16, 12}), {});
  const Tensor dx = ops::activation_gradient(dy, v, Activation::kTanh, 0);
  ASSERT_TRUE(graph_.place(dx, input({8, 12})));
  EXPECT_EQ(own_dispatches({}), 1u);
}

TEST_F(FuseTest, LeavesActivationsOfExternalMemory) {
  const Tensor x = input({8, 12});
  const Tensor y = layer(ops::activate(x, Activation::kSilu), 4, Activation::kNone);
  EXPECT_EQ(own_dispatches(ops::gradients(ops::mean(y), {x})), 1u);
}

TEST_F(FuseTest, ComputesALossWithItsGradient) {
  const Tensor x = input({8, 12});
  const Tensor losses = ops::squared_error(x, input({8, 12}));
  const Tensors dx = ops::gradients(ops::mean(losses), {x});
  const hal::Plan both = plan_of({ops::square(losses), dx[0]});
  EXPECT_EQ(dispatches_of(both, "row_loss_gradient_texels"), 1u);
  EXPECT_EQ(dispatches_of(both, "row_loss_texels"), 0u);
  EXPECT_EQ(dispatches_of(both, "pointwise_loss_gradient"), 0u);
  EXPECT_EQ(dispatches_of(plan_of({losses}), "row_loss_texels"), 1u);
  EXPECT_EQ(dispatches_of(plan_of({dx[0]}), "pointwise_loss_gradient"), 1u);
}

TEST_F(FuseTest, LeavesALossOfVeryLongRows) {
  const Tensor x = input({2, 16388});
  const Tensor losses = ops::squared_error(x, input({2, 16388}));
  const Tensors dx = ops::gradients(ops::mean(losses), {x});
  EXPECT_EQ(dispatches_of(plan_of({losses, dx[0]}), "pointwise_loss_gradient"), 1u);
}

TEST_F(FuseTest, LeavesALossThatItsGradientDependsOn) {
  const Tensor x = input({8, 12});
  const Tensor losses = ops::squared_error(x, input({8, 12}));
  const Tensors dx = ops::gradients(ops::mean(ops::square(losses)), {x});
  EXPECT_EQ(dispatches_of(plan_of({losses, dx[0]}), "pointwise_loss_gradient"), 1u);
}

// What reads the loss follows it, and must read the prediction before it changes.
TEST_F(FuseTest, LeavesALossWhosePredictionChangesBeforeItsGradient) {
  const Tensor x = ops::exp(input({8, 12}));
  const Tensor target = input({8, 12});
  const Tensor losses = ops::squared_error(x, target);
  graph_.add({.kernel = &kernels::fill,
              .updates = {x},
              .params = pack(kernels::FillParams{.count = 96, .value = 2})});
  const Tensors dx = ops::gradients(ops::mean(losses), {x});
  EXPECT_EQ(dispatches_of(plan_of({losses, dx[0]}), "pointwise_loss_gradient"), 1u);
}

using Floats = std::vector<float>;

Array waves(const Shape& shape, double step) {
  double phase = 0;
  return build(shape, [&](const Position&) { return std::sin(phase += step); });
}

/// The gradients of two layers, or convolutions, with the activation between them.
std::vector<Floats> gradients(hal::Device& device, Activation activation, bool convolves,
                              Sharing sharing) {
  Graph graph(device.limits());
  const Tensor x = upload(device, graph, waves(convolves ? Shape{2, 7, 7, 4} : Shape{6, 12}, 0.7));
  const Tensor w = upload(device, graph, waves(convolves ? Shape{3, 3, 4, 8} : Shape{12, 8}, 1.3));
  const Tensor u = upload(device, graph, waves(convolves ? Shape{3, 3, 8, 8} : Shape{8, 20}, 0.4));
  Tensor y;
  if (convolves) {
    const Tensor h = ops::conv2d(x, w, {.activation = activation, .slope = 0.2f});
    y = ops::conv2d(h, u, {.stride = 2});
  } else {
    y = ops::matmul(ops::matmul(x, w, {.activation = activation, .slope = 0.2f}), u, {});
  }
  const Tensors wanted = ops::gradients(ops::mean(ops::square(y)), {x, w});
  Step step(device, graph, "gradients", wanted, sharing);
  const bool fuses = has(device.limits(), hal::Feature::kFusedKernels);
  EXPECT_EQ(own_dispatches_of(step.plan()), fuses && sharing == Sharing::kByLifeTime ? 0u : 1u);
  step.run();
  return {step.read_floats(wanted[0]), step.read_floats(wanted[1])};
}

/// The sums of rows of a loss and of a divergence, a number that depends on both, and gradients.
std::vector<Floats> losses(hal::Device& device, uint32_t rows, uint32_t row, Sharing sharing) {
  Graph graph(device.limits());
  const Tensor x = upload(device, graph, waves({rows, row}, 0.7));
  const Tensor target = upload(device, graph, waves({rows, row}, 1.3));
  const Tensor moments = upload(device, graph, waves({rows, 2 * row}, 0.4));
  const Tensor loss = ops::bce_with_logits(x, target), kl = ops::gaussian_kl(moments);
  const Tensor total = ops::mean(ops::add(ops::affine(loss, 3, 0), kl));
  Tensors wanted = ops::gradients(total, {x, moments});
  for (const Tensor& tensor : {loss, kl, total}) wanted.push_back(tensor);
  Step step(device, graph, "losses", wanted, sharing);
  step.run();
  std::vector<Floats> all;
  for (const Tensor& tensor : wanted) all.push_back(step.read_floats(tensor));
  return all;
}

DEVICE_TEST(Fuse, does_not_change_losses_nor_their_gradients) {
  for (const uint32_t row : {3u, 4u, 252u, 256u, 260u, 1000u}) {
    for (const uint32_t rows : {1u, 6u, 128u}) {
      const auto got = losses(device, rows, row, Sharing::kByLifeTime);
      const auto wanted = losses(device, rows, row, Sharing::kNone);
      for (size_t i = 0; i < wanted.size(); ++i) {
        const std::vector<double> numbers(wanted[i].begin(), wanted[i].end());
        expect_close(got[i], numbers, {1e-7, 1e-6},
                     fmt::format("{} x {}, tensor {}", rows, row, i));
      }
    }
  }
}

DEVICE_TEST(Fuse, does_not_change_gradients) {
  for (const Activation activation :
       {Activation::kRelu, Activation::kLeakyRelu, Activation::kTanh, Activation::kSigmoid,
        Activation::kSoftplus, Activation::kSilu, Activation::kGelu}) {
    for (const bool convolves : {false, true}) {
      const auto wanted = gradients(device, activation, convolves, Sharing::kNone);
      const auto got = gradients(device, activation, convolves, Sharing::kByLifeTime);
      for (size_t i = 0; i < wanted.size(); ++i) {
        const std::vector<double> numbers(wanted[i].begin(), wanted[i].end());
        expect_close(
            got[i], numbers, {1e-7, 1e-6},
            fmt::format("{}, gradient {}", kernels::kNames<Activation>[size_t(activation)], i));
      }
    }
  }
}

}  // namespace
}  // namespace pumice::test
