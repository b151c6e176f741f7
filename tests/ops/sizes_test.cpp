// Products of extents beyond 2^32. The null device computes nothing, so such tensors cost nothing.
#include <gtest/gtest.h>

#include <functional>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/hal/null/null_device.h"
#include "engine/ops/ops.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"

namespace pumice::test {
namespace {

constexpr uint32_t kSide = 65537;  // its square is just beyond

/// Makes the inputs of ops on a device whose buffers may be as large as they like.
class Sizes {
 public:
  Tensor input(const Shape& shape, DType dtype = DType::kF32) {
    const uint64_t bytes = padded_bytes(shape, dtype);
    read_ = std::max(read_, bytes);
    return graph_.external(device_->allocate(bytes, "input"), shape, dtype);
  }
  Tensor step_state() { return StepState(*device_, "step_state").tensor(graph_); }
  Graph& graph() { return graph_; }

  /// What dispatches bind of inputs and outputs. Throws Error as the ops, lowering and the device
  /// do.
  void expect_whole(const Tensor& y) {
    Step step(*device_, graph_, "step", {y});
    uint64_t read = 0, written = 0;
    for (const hal::Dispatch& dispatch : step.plan().dispatches) {
      for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
        (hal::writes(dispatch.kernel->bindings[i]) ? written : read) += dispatch.bindings[i].bytes;
      }
    }
    EXPECT_GE(read, read_);
    EXPECT_GE(written, sizeof(float) * y.size());
  }

 private:
  static hal::Limits limits() {
    hal::Limits limits;
    limits.max_buffer_bytes = uint64_t{1} << 50;
    return limits;
  }

  std::unique_ptr<hal::null::NullDevice> device_ = hal::null::create_device(limits());
  Graph graph_{device_->limits()};
  uint64_t read_ = 0;
};

using SizedOp = std::pair<const char*, std::function<Tensor(Sizes&)>>;

Tensor conv(Sizes& sizes, const Shape& x, const Shape& weight) {
  return ops::conv2d(sizes.input(x), sizes.input(weight));
}

// Kernels count elements in 32 bits, and a tensor in parts is cut by them: such tensors are
// refused.
const std::vector<SizedOp> kRefused{
    {"unary",
     [](Sizes& s) {
       return ops::silu(s.input({kSide, kSide}));
     }},
    {"binary",
     [](Sizes& s) {
       return ops::add(s.input({kSide, kSide}), s.input({kSide, kSide}));
     }},
    {"clamp",
     [](Sizes& s) {
       return ops::clamp(s.input({kSide, kSide}), 0, 1);
     }},
    {"activate",
     [](Sizes& s) {
       return ops::activate(s.input({kSide, kSide}), ops::Activation::kRelu);
     }},
    {"dropout",
     [](Sizes& s) {
       return ops::dropout(s.input({kSide, kSide}), s.step_state(), 0.5f);
     }},
    {"uniform",
     [](Sizes& s) {
       return ops::uniform(s.step_state(), {kSide, kSide});
     }},
    {"normal",
     [](Sizes& s) {
       return ops::normal(s.step_state(), {kSide, kSide});
     }},
    {"constant",
     [](Sizes& s) {
       return ops::constant(s.graph(), {kSide, kSide}, 1);
     }},
    {"sum, all",
     [](Sizes& s) {
       return ops::sum(s.input({kSide, kSide}));
     }},
    {"layer_norm",
     [](Sizes& s) {
       return ops::layer_norm(s.input({kSide, kSide}), s.input({kSide}), s.input({kSide}));
     }},
    {"softmax",
     [](Sizes& s) {
       return ops::softmax(s.input({kSide, kSide}));
     }},
    {"embedding",
     [](Sizes& s) {
       return ops::embedding(s.input({10, kSide}), s.input({kSide}, DType::kU32));
     }},
};

const std::vector<SizedOp> kDivided{
    {"bce",
     [](Sizes& s) {
       return ops::bce(s.input({kSide, kSide}), s.input({kSide, kSide}));
     }},
    {"matmul, rows times columns",
     [](Sizes& s) {
       return ops::matmul(s.input({kSide, 4}), s.input({4, kSide}));
     }},
    {"matmul, rows times terms",
     [](Sizes& s) {
       return ops::matmul(s.input({kSide, kSide}), s.input({kSide, 4}));
     }},
    {"matmul, terms times columns",
     [](Sizes& s) {
       return ops::matmul(s.input({4, kSide}), s.input({kSide, kSide}));
     }},
    {"linear",
     [](Sizes& s) {
       return ops::linear(s.input({4, kSide}), s.input({kSide, kSide}), s.input({kSide}));
     }},
    {"conv2d, images",
     [](Sizes& s) {
       return conv(s, {kSide, 32, 32, 64}, {3, 3, 64, 4});
     }},
    {"conv2d, channels",
     [](Sizes& s) {
       return conv(s, {kSide, 32, 32, 4}, {1, 1, 4, 64});
     }},
    {"conv_transpose2d",
     [](Sizes& s) {
       return ops::conv_transpose2d(s.input({kSide, 16, 16, 64}), s.input({2, 2, 64, 64}),
                                    {.stride = 2});
     }},
    {"max_pool2d",
     [](Sizes& s) {
       return ops::max_pool2d(s.input({kSide, 32, 32, 64}), 2, 2);
     }},
    {"upsample_nearest2d",
     [](Sizes& s) {
       return ops::upsample_nearest2d(s.input({kSide, 16, 16, 64}), 2);
     }},
    {"sum, rows",
     [](Sizes& s) {
       return ops::sum(s.input({kSide, kSide}), {0});
     }},
    {"max, columns",
     [](Sizes& s) {
       return ops::max(s.input({kSide, kSide}), {1});
     }},
    {"broadcast_to",
     [](Sizes& s) {
       return ops::broadcast_to(s.input({1, kSide}), {kSide, kSide});
     }},
    {"lstm",
     [](Sizes& s) {
       return ops::lstm(s.input({kSide, 16, 4096}), s.input({64, 4096}), s.input({64, 16}),
                        s.input({64}));
     }},
};

TEST(Sizes, BeyondFourBillionElementsAreDivided) {
  for (const auto& [name, build] : kDivided) {
    SCOPED_TRACE(name);
    Sizes sizes;
    sizes.expect_whole(build(sizes));
  }
}

TEST(Sizes, BeyondWhatKernelsCountAreRefused) {
  for (const auto& [name, build] : kRefused) {
    Sizes sizes;
    const std::string message = error_of([&] { sizes.expect_whole(build(sizes)); });
    EXPECT_TRUE(contains(message, "[65537, 65537]")) << name << ": " << message;
    EXPECT_TRUE(contains(message, "has more than 2^32 - 1 elements") ||
                contains(message, "the device binds at most"))
        << name << ": " << message;
  }
}

}  // namespace
}  // namespace pumice::test
