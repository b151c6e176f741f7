#include "native/commands/train/together_report.h"

#include <algorithm>

#include "native/commands/train/train_report.h"
#include "native/system/device_text.h"
#include "native/system/print.h"
#include "native/training/training_run.h"
#include "native/views/network_table.h"

namespace pumice::commands {

/// Forwards what happens to one run.
class TogetherReport::Observer final : public RunObserver {
 public:
  Observer(TogetherReport& report, size_t index) : report_(report), index_(index) {}

  void on_begin(TrainingRun& run) override { report_.begin(index_, run); }
  void on_progress(TrainingRun& run, const train::Progress& progress) override {
    report_.advance(index_, run, progress);
  }
  void on_saved(TrainingRun& run, const Epoch& epoch) override { report_.save(index_, run, epoch); }
  void on_end(TrainingRun& /*run*/) override { report_.drop(index_); }

 private:
  TogetherReport& report_;
  size_t index_;
};

std::unique_ptr<RunObserver> TogetherReport::observer(size_t index) {
  members_.resize(std::max(members_.size(), index + 1));
  return std::make_unique<Observer>(*this, index);
}

void TogetherReport::begin(size_t index, TrainingRun& run) {
  members_[index].first_epoch = run.epoch();
  members_[index].step = run.step();
  ++begun_;
  print_tables(run);
  if (begun_ == first_ && has_bar_) begin_all(run);
}

void TogetherReport::print_tables(TrainingRun& run) {
  if (begun_ == 1) {
    system::print(stdout, fmt::format("device  {}\n", system::device_line(run.device().limits())));
  }
  const bool continues_list = are_alike_ && begun_ > 1 && begun_ <= first_;
  system::print(stdout, fmt::format("{}{}\n", continues_list ? "        " : "run     ",
                                    run.folder().path().string()));
  if (!are_alike_ || begun_ == first_) {
    system::print(stdout, fmt::format("\n{}\n\n", views::network_tables(run.model())));
  }
}

void TogetherReport::begin_all(TrainingRun& run) {
  shown_ = run.epoch();
  for (const Member& member : members_) shown_ = std::min(shown_, member.first_epoch);
  progress_.emplace(stdout, system::progress_style(stdout, false), run.recipe().train.epochs,
                    uint64_t{run.steps_per_epoch()} * run.images_per_step() * members_.size(),
                    shown_ + 1);
}

void TogetherReport::advance(size_t index, TrainingRun& run, const train::Progress& progress) {
  if (!progress_) return;
  members_[index].step = progress.step;
  const uint32_t per_epoch = progress.steps_per_epoch;
  uint64_t steps = 0;  // of the epoch that is shown
  for (const Member& member : members_) {
    const uint32_t begin = shown_ * per_epoch;
    steps += std::min(std::max(member.step, begin) - begin, per_epoch);
  }
  progress_->update(steps * run.images_per_step(), progress.latest);
}

void TogetherReport::save(size_t index, TrainingRun& run, const Epoch& epoch) {
  const Metrics shown = shown_metrics(epoch.metrics);
  if (!has_bar_) {
    std::string line = fmt::format("{}  epoch {}/{}", run.folder().path().string(),
                                   epoch.metrics.epoch, run.recipe().train.epochs);
    for (const Metric& metric : shown)
      line += fmt::format("  {} {:.5g}", metric.name, metric.value);
    return system::print(stdout, line + "\n");
  }
  members_[index].epochs[epoch.metrics.epoch] = shown;
  show_epochs();
}

void TogetherReport::drop(size_t index) {
  if (!has_bar_) return;
  members_[index].has_ended = true;
  show_epochs();
  const bool all = std::ranges::all_of(members_, [](const Member& m) { return m.has_ended; });
  if (all) progress_.reset();
}

void TogetherReport::show_epochs() {
  for (; progress_ && is_complete(shown_ + 1); ++shown_) {
    progress_->end_epoch(means(shown_ + 1));
    for (Member& member : members_) member.epochs.erase(shown_ + 1);
  }
}

// Whether all runs that train this epoch have saved it.
bool TogetherReport::is_complete(uint32_t epoch) const {
  bool any = false;
  for (const Member& member : members_) {
    const bool has_saved = member.epochs.contains(epoch);
    if (!has_saved && !member.has_ended && member.first_epoch < epoch) return false;
    any |= has_saved;
  }
  return any;
}

Metrics TogetherReport::means(uint32_t epoch) const {
  Metrics sums;
  double runs = 0;
  for (const Member& member : members_) {
    const auto found = member.epochs.find(epoch);
    if (found == member.epochs.end()) continue;
    ++runs;
    if (sums.empty()) {
      sums = found->second;
      continue;
    }
    for (size_t i = 0; i < std::min(sums.size(), found->second.size()); ++i) {
      sums[i].value += found->second[i].value;
    }
  }
  for (Metric& metric : sums) metric.value /= runs;
  return sums;
}

}  // namespace pumice::commands
