// Activations, chosen by a specialization constant so that each pipeline holds only its own.
// Every gradient is written with the output y alone: the input need not be kept.
#ifndef PUMICE_ACTIVATION_GLSL
#define PUMICE_ACTIVATION_GLSL

// The numbers of ops::Activation.
const uint kNone = 0u, kRelu = 1u, kLeakyRelu = 2u, kTanh = 3u, kSigmoid = 4u, kSoftplus = 5u;

layout(constant_id = 0) const uint kActivation = 0u;

// `slope` belongs to leaky ReLU alone: what negative inputs are multiplied with.
vec4 activate(vec4 x, float slope) {
  if (kActivation == kRelu) return max(x, 0.0);
  if (kActivation == kLeakyRelu) return max(x, 0.0) + slope * min(x, 0.0);
  // Drivers write tanh with exp(x), which overflows to NaN; beyond 10 tanh is 1 in f32.
  if (kActivation == kTanh) return tanh(clamp(x, -10.0, 10.0));
  if (kActivation == kSigmoid) return 1.0 / (1.0 + exp(-x));
  if (kActivation == kSoftplus) return max(x, 0.0) + log(1.0 + exp(-abs(x)));
  return x;
}

// d activate(x) / dx, from y = activate(x).
vec4 activation_gradient(vec4 y, float slope) {
  vec4 positive = vec4(greaterThan(y, vec4(0.0)));
  if (kActivation == kRelu) return positive;
  if (kActivation == kLeakyRelu) return mix(vec4(slope), vec4(1.0), positive);
  if (kActivation == kTanh) return 1.0 - y * y;
  if (kActivation == kSigmoid) return y * (1.0 - y);
  // 1 - exp(-y) cancels for small y: there the series has more digits.
  if (kActivation == kSoftplus)
    return mix(y * (1.0 - 0.5 * y), 1.0 - exp(-y), greaterThan(y, vec4(0.01)));
  return vec4(1.0);
}

float activate(float x, float slope) { return activate(vec4(x), slope).x; }
float activation_gradient(float y, float slope) { return activation_gradient(vec4(y), slope).x; }

#endif
