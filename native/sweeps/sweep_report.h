#pragma once

#include <string>
#include <vector>

#include "engine/base/table.h"
#include "native/sweeps/sweep_folder.h"
#include "native/views/curves.h"

namespace pumice {

/// A row for each run: its varied values, state, size, time and latest metrics.
Table sweep_table(const Sweep& sweep, const std::vector<RunResult>& results);

/// A row for each configuration that ran with several seeds: mean ± standard deviation of the
/// latest metrics over completed runs. Without rows if there are no such configurations.
Table seeds_table(const Sweep& sweep, const std::vector<RunResult>& results);

/// A plot for each metric and split ("loss-test", "loss-train-d_loss") with the curve of every run.
std::vector<views::Curves> sweep_curves(const Sweep& sweep, const std::vector<RunResult>& results);

/// Writes table.csv, table.md, table.html, of a study comparison.png, seeds.csv if there are seeds,
/// and curves/*.png and
/// *.svg. Throws Error when a file cannot be written.
void write_sweep_report(const SweepFolder& folder, const Sweep& sweep,
                        const std::vector<RunResult>& results);

}  // namespace pumice
