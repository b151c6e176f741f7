#pragma once

#include <memory>
#include <string>
#include <vector>

#include "native/commands/session.h"
#include "native/training/run_folder.h"

namespace pumice::commands {

/// A web server for this machine's browsers that shows the report of runs while they train; the
/// page follows them. All pages that are open get their last state before the server ends.
class LiveReport {
 public:
  /// Listens at 127.0.0.1, port 8081 or any free one, and prints the address.
  LiveReport(std::vector<RunFolder> runs, const Session& session);
  ~LiveReport();
  LiveReport(const LiveReport&) = delete;
  LiveReport& operator=(const LiveReport&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The page of the runs as they are now, which loads itself anew when live_state() differs.
std::string live_page(const std::vector<RunFolder>& runs);
/// Differs when runs have gone on by an epoch, a checkpoint or some seconds of steps.
std::string live_state(const std::vector<RunFolder>& runs);

}  // namespace pumice::commands
