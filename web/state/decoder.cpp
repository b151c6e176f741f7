#include "web/state/decoder.h"

#include "web/page/browser.h"

namespace pumice::web {

Decoder::Decoder(Workspace& workspace, uint32_t batch, Purpose purpose)
    : workspace_(workspace),
      purpose_(purpose),
      inference_(*workspace.device, *workspace.networks, batch) {}

void Decoder::request(std::vector<float> latents) {
  if (workspace_.device_is_lost) return;
  if (readback_) {
    next_ = std::move(latents);
  } else {
    start(std::move(latents));
  }
}

void Decoder::start(std::vector<float> latents) {
  started_ = page_now();
  inference_.set_sampling(workspace_.sampling);
  readback_ = inference_.start_decode(latents,
                                      workspace_.labels(latents.size() / inference_.latent_size()));
  under_way_ = std::move(latents);
}

bool Decoder::poll() {
  if (!readback_ || !readback_->ready()) return false;
  latents_ = std::move(under_way_);
  uint64_t count = latents_.size() / inference_.latent_size();
  images_ = to_floats(readback_->take(), count * inference_.image_size());
  readback_.reset();
  if (purpose_ == Purpose::kShow) report(page_now() - started_);
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
  workspace_.shown = images_;
  page_wake();
}

}  // namespace pumice::web
