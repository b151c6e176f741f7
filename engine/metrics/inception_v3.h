#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/metrics/inception_weights.h"

namespace pumice::metrics {

/// Two networks with the same tensor shapes. The weights of one are of no use in the other.
enum class InceptionVariant : uint8_t {
  kTorchvision,  ///< torchvision.models.inception_v3, 1,000 classes
  kFid,          ///< the TensorFlow network that defines FID, 1,008 classes, as in pytorch-fid:
                 ///< averages exclude the padding, and the last block uses a maximum instead
};

uint32_t classes_of(InceptionVariant variant);
constexpr uint32_t kInceptionFeatures = 2048;

struct InceptionOutputs {
  std::vector<std::pair<std::string, Tensor>> blocks;  ///< after each of torchvision's modules
  Tensor features;                                     ///< [B, 2048], averaged over the pixels
  Tensor logits;                                       ///< [B, classes]
  /// [B, classes]. For kFid, computed from logits without their bias, as in published Inception
  /// scores since Salimans et al. (2016) and in torch-fidelity.
  Tensor probabilities;
};

/// Inception-v3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna: "Rethinking the inception
/// architecture for computer vision", 2015) for inference, from images [B, H, W, 3], -1 … 1, of
/// at least 75 x 75; it was trained on 299 x 299. The tensors have torchvision's names:
/// "Mixed_5b.branch1x1.conv.weight".
InceptionOutputs inception_v3(const Tensor& images, InceptionVariant variant,
                              InceptionWeights& weights);

}  // namespace pumice::metrics
