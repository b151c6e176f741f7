#ifndef PUMICE_POINTWISE_LOSS_GLSL
#define PUMICE_POINTWISE_LOSS_GLSL
layout(constant_id = 0) const uint operation = 0;

// C++ enum PointwiseLoss: the losses of pointwise_loss.comp and of its gradient.
const uint kBceWithLogits = 0u;
const uint kBce = 1u;
const uint kSquaredError = 2u;

#endif
