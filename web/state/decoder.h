#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/models/inference.h"
#include "web/state/workspace.h"

namespace pumice::web {

/// Decodes asynchronously: call request(), then poll() until the images arrive. Of the requests
/// made during a decode, only the latest is kept, so a slider never queues up work.
class Decoder {
 public:
  /// The purpose of a decode.
  enum class Purpose {
    kShow,     ///< its time and images are recorded in the workspace
    kAside,    ///< auxiliary: a plane of images, a strip
    kMeasure,  ///< as kShow, but it does not cause a frame
  };

  /// `batch`: the maximum number of images per request. The workspace must outlive this.
  Decoder(Workspace& workspace, uint32_t batch, Purpose purpose = Purpose::kShow);

  /// latents [N, z], 1 <= N <= batch. `labels`, one for each, replace the workspace's class. Does
  /// nothing once the device is lost.
  void request(std::vector<float> latents, std::vector<uint32_t> labels = {});

  /// True if new images have arrived. Throws Error if the device reports one.
  bool poll();

  bool is_busy() const { return readback_ != nullptr; }

  /// The most recent images, [N, height·width·channels], and their latents.
  std::span<const float> images() const { return images_; }
  std::span<const float> latents() const { return latents_; }

  uint32_t batch() const { return inference_.batch(); }

 private:
  struct Request {
    std::vector<float> latents;
    std::vector<uint32_t> labels;
  };
  void start(Request request);
  void report(double milliseconds);

  Workspace& workspace_;
  Purpose purpose_;
  models::Inference inference_;
  std::unique_ptr<hal::Readback> readback_;
  bool has_compiled_ = false;
  double started_ = 0;
  std::vector<float> under_way_;
  std::optional<Request> next_;
  std::vector<float> latents_;
  std::vector<float> images_;
};

}  // namespace pumice::web
