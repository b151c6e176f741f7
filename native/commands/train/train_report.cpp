#include "native/commands/train/train_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/system/device_text.h"
#include "native/system/print.h"
#include "native/training/run_progress.h"
#include "native/views/network_table.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

/// The command that resumes the run.
std::string resume_command(const Session& session, const TrainingRun& run,
                           const std::string& data) {
  return session.command({"train", "--resume", run.folder().path().string()}, data);
}

// What a run whose minutes are used lacks of its schedule.
std::string shortfall(const TrainingRun& run) {
  if (run.end() != RunEnd::kBudget) return "";
  return fmt::format(", short of its schedule: {:.5g} minutes are used after {} of {}",
                     run.recipe().train.minutes, epochs_text(run.length().epochs()),
                     count_of(run.recipe().train.epochs, "epoch"));
}

class TextReport : public RunObserver {
 public:
  TextReport(const Session& session, std::string data)
      : session_(session), data_(std::move(data)) {}

  void on_begin(TrainingRun& run) override {
    system::print(
        stdout,
        fmt::format("device  {}\nrun     {}\n\n{}\n\n", system::device_line(run.device().limits()),
                    run.folder().path().string(), views::network_tables(run.model())));
    progress_.emplace(stdout, run);
  }

  void on_progress(TrainingRun& /*run*/, const train::Progress& progress) override {
    progress_->update(progress);
  }

  void on_saved(TrainingRun& /*run*/, const Epoch& epoch) override {
    progress_->end_epoch(shown_metrics(epoch.metrics));
  }

  void on_end(TrainingRun& run) override {
    progress_.reset();
    const RunFolder& folder = run.folder();
    if (run.end() != RunEnd::kStopped) {
      system::print(stdout,
                    fmt::format("done{}: images, curves and checkpoint are in {}; open {} "
                                "in a browser\n",
                                shortfall(run), folder.path().string(), folder.report().string()));
    } else {
      system::print(stdout,
                    fmt::format("interrupted after step {}; saved {}; open {} in a browser\n"
                                "resume with: {}\n",
                                run.step(), folder.checkpoint().string(), folder.report().string(),
                                resume_command(session_, run, data_)));
    }
  }

 private:
  const Session& session_;
  std::string data_;
  std::optional<RunProgress> progress_;
};

json to_json(const Metrics& metrics) {
  json object = json::object();
  for (const Metric& metric : metrics) object[metric.name] = metric.value;
  return object;
}

class JsonReport : public RunObserver {
 public:
  JsonReport(const Session& session, std::string data)
      : session_(session), data_(std::move(data)) {}

  void on_begin(TrainingRun& run) override {
    const hal::Limits& device = run.device().limits();
    session_.print("", {{"event", "start"},
                        {"run", run.folder().path().string()},
                        {"recipe", run.recipe().name},
                        {"seed", run.recipe().seed},
                        {"device", device.device_name},
                        {"driver", device.driver},
                        {"parameters", run.model().parameter_count()},
                        {"epochs", run.recipe().train.epochs},
                        {"steps_per_epoch", run.steps_per_epoch()},
                        {"step", run.step()}});
  }

  void on_saved(TrainingRun& run, const Epoch& epoch) override {
    session_.print("", {{"event", "epoch"},
                        {"run", run.folder().path().string()},
                        {"epoch", epoch.metrics.epoch},
                        {"train", to_json(epoch.metrics.train)},
                        {"test", to_json(epoch.metrics.test)},
                        {"seconds", epoch.speed.seconds},
                        {"images_per_second", epoch.speed.images_per_second}});
  }

  void on_end(TrainingRun& run) override {
    json end{{"event", "end"},
             {"run", run.folder().path().string()},
             {"complete", run.is_complete()},
             {"ended_by", name_of(run.end())},
             {"epoch", run.epoch()},
             {"epochs", run.length().epochs()},
             {"step", run.step()},
             {"checkpoint", run.folder().checkpoint().string()},
             {"report", run.folder().report().string()}};
    if (!run.is_complete()) end["resume"] = resume_command(session_, run, data_);
    session_.print("", end);
  }

 private:
  const Session& session_;
  std::string data_;
};

}  // namespace

Metrics shown_metrics(const io::EpochMetrics& metrics) {
  Metrics shown = metrics.train;
  for (const Metric& metric : metrics.test) {
    // Metrics that are not measured in every epoch are NaN in the others.
    if (!std::isnan(metric.value)) shown.push_back({"test " + metric.name, metric.value});
  }
  return shown;
}

std::unique_ptr<RunObserver> train_report(const Session& session, const std::string& data) {
  if (session.json) return std::make_unique<JsonReport>(session, data);
  return std::make_unique<TextReport>(session, data);
}

}  // namespace pumice::commands
