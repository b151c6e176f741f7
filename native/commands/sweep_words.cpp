#include "native/commands/sweep_words.h"

namespace pumice::commands {

std::vector<std::string> SweepWords::train(const SweepRun& run) const {
  const RunFolder folder = folder_.run(run);
  std::vector<std::string> words{session_.program, "train"};
  if (folder.holds_run()) {
    words.insert(words.end(), {"--resume", folder.path().string()});
    words.insert(words.end(), options_.resume_arguments.begin(), options_.resume_arguments.end());
  } else {
    words.insert(words.end(), {"--out", folder.path().string()});
  }
  const double minutes = sweep_.minutes > 0 ? sweep_.minutes_of_run() : run.recipe.train.minutes;
  words.insert(words.end(), {"--minutes", fmt::to_string(minutes)});
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  words.emplace_back("--json");
  // After "--", since its name may begin with a dash.
  if (!folder.holds_run()) words.insert(words.end(), {"--", folder.recipe().string()});
  return words;
}

std::vector<std::string> SweepWords::evaluate(const SweepRun& run) const {
  std::vector<std::string> words{session_.program, "evaluate"};
  const std::vector<std::string> wanted = evaluation_arguments(sweep_.study.evaluation);
  words.insert(words.end(), wanted.begin(), wanted.end());
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  words.insert(words.end(), {"--json", "--", folder_.run(run).path().string()});
  return words;
}

}  // namespace pumice::commands
