#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/metrics/inception_weights.h"

namespace pumice::metrics {

/// Two networks of the same tensors. Features of one are of no use to the other's weights.
enum class InceptionVariant : uint8_t {
  kTorchvision,  ///< torchvision.models.inception_v3, 1,000 classes
  kFid,  ///< the TensorFlow network that FID was defined with, 1,008 classes, as in pytorch-fid:
         ///< averages leave out the padding, and the last block takes a maximum instead
};

uint32_t classes_of(InceptionVariant variant);
constexpr uint32_t kInceptionFeatures = 2048;

struct InceptionOutputs {
  std::vector<std::pair<std::string, Tensor>> blocks;  ///< after each of torchvision's modules
  Tensor features;                                     ///< [B, 2048], averaged over the pixels
  Tensor logits;                                       ///< [B, classes]
  /// [B, classes]. In kFid of logits without their bias: so were the published Inception scores
  /// made, since Salimans et al. (2016), and so does torch-fidelity.
  Tensor probabilities;
};

/// Inception-v3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna: "Rethinking the inception
/// architecture for computer vision", 2015) for inference, from pictures [B, H, W, 3], -1 … 1, of
/// at least 75 x 75; it was trained on 299 x 299. The tensors have torchvision's names:
/// "Mixed_5b.branch1x1.conv.weight".
InceptionOutputs inception_v3(const Tensor& pictures, InceptionVariant variant,
                              InceptionWeights& weights);

}  // namespace pumice::metrics
