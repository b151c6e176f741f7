#include "web/decoder.h"

#include "web/browser.h"

namespace pumice::web {

Decoder::Decoder(Workspace& workspace, uint32_t batch)
    : workspace_(workspace), inference_(*workspace.device, *workspace.vae, batch) {}

void Decoder::request(std::vector<float> latents) {
  if (readback_) {
    next_ = std::move(latents);
  } else {
    start(std::move(latents));
  }
}

void Decoder::start(std::vector<float> latents) {
  started_ = page_now();
  readback_ = inference_.start_decode(latents);
  under_way_ = std::move(latents);
  page_poll_soon();
}

bool Decoder::poll() {
  if (!readback_) return false;
  if (!readback_->ready()) {
    page_poll_soon();
    return false;
  }
  latents_ = std::move(under_way_);
  uint64_t count = latents_.size() / inference_.latent_size();
  pictures_ = to_floats(readback_->take(), count * inference_.picture_size());
  readback_.reset();
  workspace_.statistics.add(page_now() - started_);
  workspace_.dispatches = inference_.decode_dispatches();
  workspace_.shown = pictures_;
  if (next_) start(*std::exchange(next_, std::nullopt));
  return true;
}

}  // namespace pumice::web
