#include "native/observers/observers.h"
#include "native/views/curves.h"

namespace pumice::observers {
namespace {

class CurveFiles : public RunObserver {
 public:
  Metrics on_epoch(TrainingRun& run, const Epoch& /*epoch*/) override {
    for (const views::Curves& curves : views::curves_of(run.recipe().name, run.history())) {
      for (const char* extension : {"png", "svg"}) {
        const std::filesystem::path file = run.folder().curve(curves.group, extension);
        make_folder_of(file);
        formats::write_plot(file, curves.plot);
      }
    }
    return {};
  }
};

}  // namespace

Observer curve_files() { return std::make_unique<CurveFiles>(); }

}  // namespace pumice::observers
