#include "native/commands/train_report.h"

#include <nlohmann/json.hpp>

#include "native/report/devices.h"
#include "native/report/network_table.h"
#include "native/report/progress.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

class TextReport : public TrainReport {
 public:
  void on_start(const TrainingRun& run, const Recipe& recipe, const hal::Limits& device) override {
    batch_ = recipe.train.batch;
    fmt::print("device  {}\nrun     {}\n\n{}\n\n", report::device_line(device),
               run.folder().path().string(), report::network_table(run.model().vae()));
    std::fflush(stdout);
    progress_ =
        std::make_unique<report::Progress>(stdout, report::progress_style(stdout, false),
                                           recipe.train.epochs, images_per_epoch_, run.epoch() + 1);
  }

  void on_progress(const train::Progress& progress) override {
    const nn::VaeFigures& latest = progress.latest;
    report::Figures figures;
    if (latest.loss != 0) {
      figures = {{"loss", latest.loss}, {"rec", latest.reconstruction}, {"kl", latest.kl}};
    }
    progress_->update(uint64_t{progress.step_in_epoch} * batch_, figures);
  }

  void on_epoch(const io::EpochFigures& figures, const Speed&) override {
    progress_->end_epoch({{"train", figures.train.loss},
                          {"test", figures.test.loss},
                          {"rec", figures.test.reconstruction},
                          {"kl", figures.test.kl}});
  }

  void on_end(const TrainingRun& run, bool complete, const std::string& go_on) override {
    progress_.reset();
    if (complete) {
      fmt::print("done: pictures, curve and checkpoint are in {}\n", run.folder().path().string());
    } else {
      fmt::print("interrupted after step {}; saved {}\ngo on with: {}\n", run.step(),
                 run.folder().checkpoint().string(), go_on);
    }
    std::fflush(stdout);
  }

 private:
  uint32_t batch_ = 0;
  std::unique_ptr<report::Progress> progress_;
};

json to_json(const nn::VaeFigures& figures) {
  return {{"loss", figures.loss}, {"reconstruction", figures.reconstruction}, {"kl", figures.kl}};
}

class JsonReport : public TrainReport {
 public:
  explicit JsonReport(const Session& session) : session_(session) {}

  void on_start(const TrainingRun& run, const Recipe& recipe, const hal::Limits& device) override {
    session_.print("", {{"event", "start"},
                        {"run", run.folder().path().string()},
                        {"recipe", recipe.name},
                        {"seed", recipe.seed},
                        {"device", device.device_name},
                        {"driver", device.driver},
                        {"parameters", run.model().parameters().count()},
                        {"epochs", recipe.train.epochs},
                        {"steps_per_epoch", run.steps_per_epoch()},
                        {"step", run.step()}});
  }

  void on_progress(const train::Progress&) override {}

  void on_epoch(const io::EpochFigures& figures, const Speed& speed) override {
    session_.print("", {{"event", "epoch"},
                        {"epoch", figures.epoch},
                        {"train", to_json(figures.train)},
                        {"test", to_json(figures.test)},
                        {"seconds", speed.seconds},
                        {"images_per_second", speed.images_per_second}});
  }

  void on_end(const TrainingRun& run, bool complete, const std::string& go_on) override {
    json end{{"event", "end"},
             {"complete", complete},
             {"epoch", run.epoch()},
             {"step", run.step()},
             {"checkpoint", run.folder().checkpoint().string()}};
    if (!complete) end["go_on"] = go_on;
    session_.print("", end);
  }

 private:
  const Session& session_;
};

}  // namespace

std::unique_ptr<TrainReport> make_train_report(const Session& session) {
  if (session.json) return std::make_unique<JsonReport>(session);
  return std::make_unique<TextReport>();
}

}  // namespace pumice::commands
