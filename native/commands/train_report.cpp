#include "native/commands/train_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "native/report/devices.h"
#include "native/report/network_table.h"
#include "native/report/print.h"
#include "native/report/progress.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

class TextReport : public TrainReport {
 public:
  void on_start(const TrainingRun& run, const Recipe& recipe, const hal::Limits& device) override {
    images_per_step_ = run.images_per_step();
    report::print(stdout, fmt::format("device  {}\nrun     {}\n\n{}\n\n",
                                      report::device_line(device), run.folder().path().string(),
                                      report::network_tables(run.model().model())));
    const uint64_t done = run.step() % run.steps_per_epoch();
    progress_ = std::make_unique<report::Progress>(
        stdout, report::progress_style(stdout, false), recipe.train.epochs,
        uint64_t{run.steps_per_epoch()} * images_per_step_, run.epoch() + 1,
        report::Progress::Clock{}, done * images_per_step_);
  }

  void on_progress(const train::Progress& progress) override {
    progress_->update(uint64_t{progress.step_in_epoch} * images_per_step_, progress.latest);
  }

  void on_epoch(const io::EpochFigures& figures, const Speed&) override {
    Figures shown = figures.train;
    for (const Figure& figure : figures.test) {
      // What is not measured in every epoch is not a number in the others.
      if (!std::isnan(figure.value)) shown.push_back({"test " + figure.name, figure.value});
    }
    progress_->end_epoch(shown);
  }

  void on_end(const TrainingRun& run, bool complete, const std::string& go_on) override {
    progress_.reset();
    if (complete) {
      report::print(stdout,
                    fmt::format("done: pictures, curves and checkpoint are in {}; open {} "
                                "in a browser\n",
                                run.folder().path().string(), run.folder().report().string()));
    } else {
      report::print(stdout,
                    fmt::format("interrupted after step {}; saved {}; open {} in a browser\n"
                                "go on with: {}\n",
                                run.step(), run.folder().checkpoint().string(),
                                run.folder().report().string(), go_on));
    }
  }

 private:
  uint32_t images_per_step_ = 0;
  std::unique_ptr<report::Progress> progress_;
};

json to_json(const Figures& figures) {
  json object = json::object();
  for (const Figure& figure : figures) object[figure.name] = figure.value;
  return object;
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
                        {"parameters", run.model().model().parameter_count()},
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
             {"checkpoint", run.folder().checkpoint().string()},
             {"report", run.folder().report().string()}};
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
