#include "native/observers/observers.h"
#include "native/views/images.h"

namespace pumice::observers {
namespace {

class DecodePasses : public RunObserver {
 public:
  void on_end(TrainingRun& run) override {
    models::Inference& inference = run.inference();
    if (!inference.can_decode() || inference.decode_pass_count() < 2) return;
    formats::write_grid(run.folder().passes(), views::passes_image(inference, run.recipe().seed));
  }
};

}  // namespace

Observer decode_passes() { return std::make_unique<DecodePasses>(); }

}  // namespace pumice::observers
