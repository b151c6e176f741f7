#include "web/state/decoder.h"

#include "web/page/browser.h"

namespace pumice::web {

Decoder::Decoder(Workspace& workspace, uint32_t batch, Purpose purpose)
    : workspace_(workspace),
      purpose_(purpose),
      inference_(*workspace.device, *workspace.networks, batch) {}

void Decoder::request(std::vector<float> latents, std::vector<uint32_t> labels) {
  if (workspace_.device_is_lost) return;
  Request request{std::move(latents), std::move(labels)};
  if (readback_) {
    next_ = std::move(request);
  } else {
    start(std::move(request));
  }
}

void Decoder::start(Request request) {
  started_ = page_now();
  if (purpose_ == Purpose::kShow) workspace_.asked = started_;
  inference_.set_sampling(workspace_.sampling);
  if (request.labels.empty()) {
    request.labels = workspace_.labels(request.latents.size() / inference_.latent_size());
  }
  readback_ = inference_.start_decode(request.latents, request.labels);
  under_way_ = std::move(request.latents);
}

bool Decoder::poll() {
  if (!readback_ || !readback_->ready()) return false;
  latents_ = std::move(under_way_);
  uint64_t count = latents_.size() / inference_.latent_size();
  images_ = to_floats(readback_->take(), count * inference_.image_size());
  readback_.reset();
  if (purpose_ != Purpose::kAside) report(page_now() - started_);
  has_compiled_ = true;
  if (next_) start(*std::exchange(next_, std::nullopt));
  return true;
}

void Decoder::report(double milliseconds) {
  Timing& timing = workspace_.timing;
  if (timing.batch != batch()) timing = {.batch = batch()};
  timing.dispatches = inference_.decode_dispatches();
  if (has_compiled_) {
    timing.decodes.add(milliseconds);
  } else {
    timing.first = milliseconds;
  }
  ++workspace_.decodes;
  workspace_.asked = -1;
  workspace_.shown = images_;
  if (purpose_ == Purpose::kShow) page_wake();
}

}  // namespace pumice::web
