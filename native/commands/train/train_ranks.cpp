#include "native/commands/train/train_ranks.h"

#include <algorithm>

#include "native/ranks/join.h"
#include "native/system/device_text.h"
#include "native/system/print.h"

namespace pumice::commands {

std::unique_ptr<train::Ranks> join_ranks(Session& session) {
  // Until they have joined, a process cannot know whether another one says what is wrong.
  std::unique_ptr<train::Ranks> ranks = ranks::join(ranks::launch_of_environment());
  if (!ranks) return nullptr;
  session.quiet = ranks->rank() > 0;
  session.launcher = {"mpirun", "-n", fmt::to_string(ranks->size())};
  return ranks;
}

void require_one_run(const TrainOptions& options, const train::Ranks& ranks) {
  const size_t runs = options.resume.size() + options.recipes.size() +
                      (options.seeds.empty() ? 0 : options.seeds.size() - 1);
  if (ranks.size() > 1 && runs > 1) {
    throw UsageError(
        fmt::format("train: {} ranks train one run together, got {}", ranks.size(), runs));
  }
}

void require_same_run(const TrainingRun& run) {
  const std::string data = io::data_record_to_json(run.record().data.value());
  const std::string mine = fmt::format("{}\n{}\nstep {}", run.record().recipe, data, run.step());
  const std::vector<std::string> all = run.ranks().gather(mine);
  for (size_t rank = 1; rank < all.size(); ++rank) {
    if (all[rank] == all[0]) continue;
    throw train::FailedTogether(fmt::format(
        "train: rank {} has another recipe, other data or another checkpoint than rank 0; all need "
        "the same files",
        rank));
  }
}

int train_to_end(TrainRuns& runs, train::Ranks& ranks) {
  if (ranks.size() == 1) return runs.go();
  try {
    return runs.go();
  } catch (const train::NotFinite&) {
    throw;
  } catch (const train::FailedTogether&) {
    throw;
  } catch (const std::exception& error) {
    system::print(stderr, fmt::format("pumice: rank {}: {}\n", ranks.rank(), error.what()));
    ranks.abort(1);
  }
  return 1;
}

void tell_of_ranks(const TrainingRun& run, const Session& session) {
  const std::vector<std::string> devices =
      run.ranks().gather(system::device_line(run.device().limits()));
  std::vector<std::string> texts;
  for (size_t rank = 0; rank < devices.size(); ++rank) {
    texts.push_back(fmt::format("rank {} on {}", rank, devices[rank]));
  }
  const bool are_alike = std::ranges::count(devices, devices[0]) == ptrdiff_t(devices.size());
  session.note(are_alike ? fmt::format("{} ranks on {}", devices.size(), devices[0])
                         : fmt::format("{}", fmt::join(texts, "; ")));
}

void tell_of_exchange(const TrainingRun& run, const Session& session) {
  const train::ExchangeTimes& times = run.trainer().exchange_times();
  if (times.steps == 0) return;
  const double scale = 1e3 / double(times.steps);
  const double sent = double(run.ranks().bytes_sent()) / double(times.steps);
  session.note(
      fmt::format("rank 0 took {:.3g} ms of a program for computing, {:.3g} ms for copying "
                  "and {:.3g} ms for the sum of {} ranks, and sent {:.3g} MB",
                  scale * times.compute, scale * times.copy, scale * times.sum, run.ranks().size(),
                  sent / 1e6));
}

}  // namespace pumice::commands
