#include "native/observers/observers.h"
#include "native/report/report_page.h"

namespace pumice::observers {
namespace {

class HtmlReport : public RunObserver {
 public:
  void on_end(TrainingRun& run) override { report::write_report(run.folder()); }
};

}  // namespace

Observer html_report() { return std::make_unique<HtmlReport>(); }

}  // namespace pumice::observers
