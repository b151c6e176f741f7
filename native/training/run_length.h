#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/require.h"

namespace pumice {

inline constexpr double kSecondsPerMinute = 60;

class RunFolder;

/// Why a run's training ended.
enum class RunEnd : uint8_t {
  kStopped,   ///< it was interrupted; also the state of a run that is training
  kBudget,    ///< its minutes (train.minutes) were used
  kSchedule,  ///< its last epoch is complete
};

/// "stopped", "budget", "schedule".
std::string_view name_of(RunEnd end);

/// How far a run was trained, and how long that took in all of its processes. A file of its own,
/// because a checkpoint does not depend on time.
struct RunLength {
  uint32_t step = 0;
  uint32_t steps_per_epoch = 1;
  uint32_t planned_epochs = 0;
  double minutes = 0;  ///< its budget (train.minutes); 0: none
  double seconds = 0;  ///< of training, with tests and images of epochs
  RunEnd end = RunEnd::kStopped;

  double epochs() const { return double(step) / steps_per_epoch; }
};

/// Whether the run has used that many minutes: it was trained as long, or ended by as many, a
/// little earlier because of its last test. False for 0, which is no budget.
bool is_budget_used(const RunLength& length, double minutes);

/// "3" for whole epochs, "3.41" for a part.
std::string epochs_text(double epochs);

/// Throws Error as write_file_atomically does.
void write_run_length(const std::filesystem::path& path, const RunLength& length);

/// A file that is not a RunLength, as a power failure leaves it.
class DamagedLength : public Error {
 public:
  using Error::Error;
};

/// Empty if the file is missing, as in runs of earlier versions. Throws DamagedLength, and Error if
/// a newer program wrote it.
std::optional<RunLength> read_run_length(const std::filesystem::path& path);

/// The seconds that a run was trained, for resuming it; 0 if no file has them. If length.json is
/// damaged, those in metrics.csv, which do not include tests and images; then `note` becomes one
/// line that says so. Throws Error if a newer program wrote the file.
double seconds_trained(const RunFolder& folder, std::string& note);

/// The same for the run in this folder; `note` as for seconds_trained.
bool is_budget_used(const RunFolder& folder, double minutes, std::string& note);

/// The sum of the column "seconds" in a metrics.csv; 0 if there is none.
double seconds_in_metrics(const std::filesystem::path& metrics);

}  // namespace pumice
