#pragma once

#include <vector>

#include "engine/graph/graph.h"
#include "kernels/shared.h"

/// All ops. Each is a function from tensors to tensors that appends nodes, with gradients, to their
/// graph. Tensors are row-major; B is the batch size. Ops throw Error if shapes or types do not
/// match.
namespace pumice::ops {

// --- elementwise, one tensor -------------------------------------------------------------------

Tensor affine(const Tensor& x, float scale, float offset);  ///< scale·x + offset
Tensor negate(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor square(const Tensor& x);
Tensor relu(const Tensor& x);
Tensor leaky_relu(const Tensor& x, float slope = 0.2f);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor softplus(const Tensor& x);  ///< log(1 + e^x)
Tensor silu(const Tensor& x);      ///< x·sigmoid(x)
Tensor gelu(const Tensor& x);      ///< x·Φ(x), exact (by the error function), as in PyTorch
Tensor absolute(const Tensor& x);
Tensor clamp(const Tensor& x, float low, float high);

// --- elementwise, two tensors --------------------------------------------------------------------
// Operands broadcast by NumPy's rules, with up to four axes that differ.

Tensor add(const Tensor& a, const Tensor& b);
Tensor subtract(const Tensor& a, const Tensor& b);
Tensor multiply(const Tensor& a, const Tensor& b);
Tensor divide(const Tensor& a, const Tensor& b);
Tensor maximum(const Tensor& a, const Tensor& b);  ///< at ties the gradient goes to `a`
Tensor minimum(const Tensor& a, const Tensor& b);  ///< at ties the gradient goes to `a`
Tensor equal(const Tensor& a, const Tensor& b);    ///< 1 or 0; no gradient
Tensor greater(const Tensor& a, const Tensor& b);  ///< 1 or 0; no gradient

/// `x` repeated to `shape`; the gradient is summed.
Tensor broadcast_to(const Tensor& x, const Shape& shape);
/// The sum over the axes along which `shape` was broadcast: broadcast_to's gradient.
Tensor sum_to(const Tensor& x, const Shape& shape);

// --- reductions ----------------------------------------------------------------------------------
// Over the given axes (negative axes count from the end), or over all.

/// Reduced axes are removed, or kept with extent 1 if `keep_axes`. The order of summation is fixed.
Tensor sum(const Tensor& x, const std::vector<int>& axes, bool keep_axes = false);
Tensor mean(const Tensor& x, const std::vector<int>& axes, bool keep_axes = false);
/// Equal maxima share the gradient.
Tensor max(const Tensor& x, const std::vector<int>& axes, bool keep_axes = false);
/// Equal minima share the gradient.
Tensor min(const Tensor& x, const std::vector<int>& axes, bool keep_axes = false);
Tensor sum(const Tensor& x);
Tensor mean(const Tensor& x);

// --- layout --------------------------------------------------------------------------------------

Tensor reshape(const Tensor& x, const Shape& shape);  ///< no copy
/// Elements start … start+length-1 along `axis`.
Tensor slice(const Tensor& x, int axis, uint32_t start, uint32_t length);
/// Pads `x` with zeros along `axis` to `extent`, so that it begins at `start`: the gradient of
/// slice.
Tensor pad(const Tensor& x, int axis, uint32_t start, uint32_t extent);
Tensor concat(const Tensors& parts, int axis);
Tensor constant(Graph& graph, const Shape& shape, float value);

// --- activations ---------------------------------------------------------------------------------

/// The activations that matmul, convolutions and batch norm can apply to their result, declared in
/// shaders/include/activation.glsl. docs/extending/activation.md says how to add one.
using kernels::Activation;

/// By its name in snake_case. Throws Error, listing the names, if there is no such activation.
Activation activation_by_name(std::string_view name);
Tensor activate(const Tensor& x, Activation activation, float slope = 0.2f);

// --- matrix multiplication -----------------------------------------------------------------------

struct MatmulOptions {
  bool transpose_a = false;
  bool transpose_b = false;
  Tensor bias = {};  ///< [N], added to every row; optional
  Activation activation = Activation::kNone;
  float slope = 0.2f;  ///< of LeakyReLU
};

/// activation(op(a)·op(b) + bias): [M, K] · [K, N] → [M, N]. Either operand may be stored
/// transposed.
Tensor matmul(const Tensor& a, const Tensor& b, const MatmulOptions& options = {});
/// x[B, in] · weight[out, in]ᵀ + bias[out], as in PyTorch.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias,
              Activation activation = Activation::kNone, float slope = 0.2f);

// --- convolution, images [B, H, W, C] ----------------------------------------------------------

/// Zeros around an image; for a transposed convolution, pixels cropped from the result.
struct Padding {
  uint32_t top = 0;
  uint32_t bottom = 0;
  uint32_t left = 0;
  uint32_t right = 0;
  bool operator==(const Padding&) const = default;
};

/// TensorFlow's "same" padding for an image [H, W, ...]: the result has ceil(extent / stride)
/// pixels per axis (transposed: extent x stride). An odd pixel goes to the bottom and right.
Padding same_padding(const Shape& image, uint32_t kernel, uint32_t stride);
Padding same_padding_transposed(uint32_t kernel, uint32_t stride);

struct Conv2dOptions {
  uint32_t stride = 1;
  Padding padding = {};
  Tensor bias = {};  ///< [out]; optional
  Activation activation = Activation::kNone;
  float slope = 0.2f;  ///< of LeakyReLU
};

/// activation(x * weight + bias), a cross-correlation as in every framework: x[B, H, W, in],
/// weight[kh, kw, in, out] → [B, (H + top + bottom - kh) / stride + 1, …, out]. Gradients of any
/// order.
Tensor conv2d(const Tensor& x, const Tensor& weight, const Conv2dOptions& options = {});

struct ConvTranspose2dOptions {
  uint32_t stride = 1;
  Padding padding = {};     ///< cropped from the result
  uint32_t out_height = 0;  ///< 0: (H - 1)·stride + kh - top - bottom; at most stride - 1 more rows
  uint32_t out_width = 0;
  Tensor bias = {};  ///< [out]; optional
  Activation activation = Activation::kNone;
  float slope = 0.2f;
};

/// The gradient of conv2d for its input, as an op: x[B, H, W, in], weight[kh, kw, out, in] (the
/// layout of that convolution, as in Keras) → [B, H', W', out]. Gradients of any order.
Tensor conv_transpose2d(const Tensor& x, const Tensor& weight,
                        const ConvTranspose2dOptions& options = {});

/// The gradient of conv2d for its weight: x[B, H, W, in], dy[B, H', W', out] → [kh, kw, in, out].
Tensor conv2d_weight_gradient(const Tensor& x, const Tensor& dy, uint32_t kernel_height,
                              uint32_t kernel_width, uint32_t stride, const Padding& padding);

/// The maximum of each `size` x `size` window: [B, H, W, C] → [B, (H + 2·padding - size) / stride +
/// 1, …]. The `padding` <= size / 2 pixels around the images are never the maximum.
Tensor max_pool2d(const Tensor& x, uint32_t size, uint32_t stride, uint32_t padding = 0);

/// The divisor for windows at the edge of an image.
enum class AverageOver : uint8_t {
  kWindow,  ///< size²: the padding counts as zeros
  kPixels,  ///< the number of pixels within the image (PyTorch: count_include_pad = False)
};
Tensor average_pool2d(const Tensor& x, uint32_t size, uint32_t stride, uint32_t padding = 0,
                      AverageOver over = AverageOver::kWindow);
/// Repeats each pixel `scale` x `scale` times.
Tensor upsample_nearest2d(const Tensor& x, uint32_t scale);

// --- normalisation -------------------------------------------------------------------------------

struct BatchNorm {
  Tensor y;
  Tensor mean;      ///< [C], of this batch
  Tensor variance;  ///< [C], of this batch, biased (divided by the count)
};

/// (x - mean) / sqrt(variance + epsilon) · scale + shift, with moments over all axes but the last:
/// x[…, C], scale[C], shift[C] (Ioffe and Szegedy, 2015). y has first-order gradients only; the
/// returned moments have none.
BatchNorm batch_norm(const Tensor& x, const Tensor& scale, const Tensor& shift,
                     float epsilon = 1e-5f, Activation activation = Activation::kNone,
                     float slope = 0.2f);
/// Batch norm with given moments.
Tensor batch_norm_inference(const Tensor& x, const Tensor& scale, const Tensor& shift,
                            const Tensor& mean, const Tensor& variance, float epsilon = 1e-5f,
                            Activation activation = Activation::kNone, float slope = 0.2f);
/// Normalises each row over the last axis (Ba, Kiros and Hinton, 2016): x[…, C], scale[C],
/// shift[C]. Gradients of any order.
Tensor layer_norm(const Tensor& x, const Tensor& scale, const Tensor& shift, float epsilon = 1e-5f);
/// x / (1 - rate) where kept, else 0; `step_state`: see uniform. Gradients of any order.
Tensor dropout(const Tensor& x, const Tensor& step_state, float rate);

// --- sequences, classes --------------------------------------------------------------------------

/// The hidden states of a long short-term memory (Hochreiter and Schmidhuber, 1997; gates i, f, g,
/// o as in PyTorch), starting from zeros: x[B, T, I], weight[4H, I], recurrent[4H, H], bias[4H] →
/// [B, T, H]. Use slice for the last state. First-order gradients only.
Tensor lstm(const Tensor& x, const Tensor& weight, const Tensor& recurrent, const Tensor& bias);

/// Rows of a table: table[N, D], ids u32[B] → [B, D]. Ids >= N give zeros. The gradient is summed
/// in a fixed order.
Tensor embedding(const Tensor& table, const Tensor& ids);
/// ids u32[B] → f32 [B, classes].
Tensor one_hot(const Tensor& ids, uint32_t classes);
/// A Fourier series of times t[B], 0 … 1 → [B, size]: sin πkt, then cos πkt, k = 1 … size/2. No
/// gradient. For networks that depend on a time.
Tensor sinusoids(const Tensor& t, uint32_t size);
/// -log softmax(logits)[label]: logits[B, C], labels u32[B] → [B]; gradient for the logits.
Tensor softmax_cross_entropy(const Tensor& logits, const Tensor& labels);
/// 1 if the largest logit (the first of equal ones) is the label's, else 0 → [B]; no gradient.
Tensor is_correct(const Tensor& logits, const Tensor& labels);
/// softmax over the last axis: [B, C] → [B, C]; no gradient.
Tensor softmax(const Tensor& logits);

// --- random numbers ----------------------------------------------------------------------------

/// `step_state`: u32[4] = {step, seed's low word, seed's high word, 0}, external. Every call of an
/// op is a separate stream; the same seed and step give the same numbers on every device (Philox
/// 4×32-10).
Tensor uniform(const Tensor& step_state, const Shape& shape, float low = 0, float high = 1);
Tensor normal(const Tensor& step_state, const Shape& shape, float mean = 0, float deviation = 1);
Tensor random_bits(const Tensor& step_state, const Shape& shape);  ///< u32

// --- losses --------------------------------------------------------------------------------------
// [B, …] → [B], summed over all axes but the first; gradients for the prediction only.

Tensor bce_with_logits(const Tensor& logits, const Tensor& target);
Tensor bce(const Tensor& probability, const Tensor& target);
Tensor squared_error(const Tensor& prediction, const Tensor& target);  ///< gradients for both

/// KL(N(mean, e^v) ‖ N(0, 1)) in nats: moments[B, 2z], z means and z log-variances v → [B].
Tensor gaussian_kl(const Tensor& moments);
/// mean + e^(v/2)·noise: moments[B, 2z], noise[B, z] → [B, z]. Gradient for the moments.
Tensor gaussian_sample(const Tensor& moments, const Tensor& noise);

// --- differentiation -----------------------------------------------------------------------------

/// The gradients of the scalar `loss` with respect to each tensor; zeros for tensors that it does
/// not depend on. They are ordinary tensors and can be differentiated again.
Tensors gradients(const Tensor& loss, const Tensors& with_respect_to);
/// The same for Σ weights · y, with weights of y's shape. Weights made by constant() are numbers:
/// the results cannot be differentiated with respect to them.
Tensors gradients(const Tensor& y, const Tensor& weights, const Tensors& with_respect_to);

/// Stores `value` in `target`, an external f32 tensor of equal size; without a copy if the node
/// that produces the value can write there: then `value` is that memory from now on, and nodes that
/// are added later and read it read what `target` holds when they run.
void store(const Tensor& value, const Tensor& target);

}  // namespace pumice::ops
