#pragma once

#include "engine/models/description.h"
#include "engine/nn/network.h"

namespace pumice::models {

extern const Family kFlow;  ///< the row of the table

/// How a flow's differential equation is solved.
enum class Sampler : uint8_t {
  kEuler,     ///< one evaluation of the network for each step, first order
  kMidpoint,  ///< two evaluations, second order
};

/// What a checkpoint says of a rectified flow.
struct FlowDescription {
  Shape image;                      ///< [height, width, channels]
  uint32_t latent_size = 0;         ///< as many numbers of noise as the image has
  uint32_t classes = 0;             ///< of a conditional flow, or 0
  uint32_t time_size = 0;           ///< numbers that stand for the time, even: see ops::sinusoids
  std::vector<nn::Layer> velocity;  ///< [pixels + time_size + classes] → the velocity of each pixel

  /// Visits the keys of a checkpoint's JSON after the image.
  void describe(nn::LayerFields& fields);
  static const Family& family() { return kFlow; }
  bool operator==(const FlowDescription&) const = default;
};

/// Rectified flow (Liu et al., "Flow straight and fast", 2022, arXiv 2209.03003; Lipman et al.,
/// "Flow matching for generative modeling", 2022, arXiv 2210.02747). A network learns the velocity
/// x1 - x0 at the points x_t = (1 - t)·x0 + t·x1 between noise x0 and an image x1; sampling follows
/// it from noise at t = 0 to an image at t = 1. Images are [B, height·width·channels]; x1 has them
/// in -1 … 1. A `condition` is [B, classes] in a conditional flow, absent otherwise: the one-hot
/// vector of the class, or zeros for none.
class Flow {
 public:
  /// Throws Error when the network ends with another number of values than an image has.
  Flow(nn::Parameters& parameters, const FlowDescription& description,
       nn::Initialization initialization = nn::Initialization::kFanIn);

  /// x [B, pixels] at the times t [B] → its velocity [B, pixels].
  Tensor velocity(const Tensor& x, const Tensor& t, const Tensor& condition,
                  const nn::ForwardContext& pass = {}) const;

  /// The mean squared error of the velocity, [B]: images [B, pixels], 0 … 1; noise [B, pixels],
  /// standard normal; times t [B].
  Tensor loss(const Tensor& images, const Tensor& noise, const Tensor& t, const Tensor& condition,
              const nn::ForwardContext& pass = {}) const;

  /// How one step of a sampler is taken.
  struct SampleStep {
    Sampler sampler = Sampler::kEuler;
    /// u + guidance·(v - u) of the velocities v with and u without the class ("classifier-free
    /// guidance", Ho and Salimans, 2022, arXiv 2207.12598), for conditional flows. Absent: v, which
    /// takes half as many evaluations.
    Tensor guidance = {};  ///< [1]
    Tensor t = {};         ///< [1], where the step begins
    Tensor dt = {};        ///< [1], its length
    Tensor labels = {};    ///< u32 [B], of conditional flows
  };
  /// x at t → x at t + dt.
  Tensor advance(const Tensor& x, const SampleStep& step) const;

  /// -1 … 1 → 0 … 1, clamped.
  static Tensor to_images(const Tensor& x);

  const FlowDescription& description() const { return description_; }
  const nn::Network& network() const { return network_; }

 private:
  Tensor guided(const Tensor& x, const Tensor& t, const SampleStep& step) const;

  FlowDescription description_;
  nn::Network network_;
};

}  // namespace pumice::models
