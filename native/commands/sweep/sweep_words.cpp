#include "native/commands/sweep/sweep_words.h"

namespace pumice::commands {

std::vector<std::string> SweepWords::train(const std::vector<const SweepRun*>& runs,
                                           const std::string& device, double minutes) const {
  const bool resumes = folder_.run(*runs.front()).holds_run();
  std::vector<std::string> words{session_.program, "train"};
  for (const SweepRun* run : runs) {
    words.insert(words.end(), {resumes ? "--resume" : "--out", folder_.run(*run).path().string()});
  }
  if (resumes) {
    words.insert(words.end(), options_.resume_arguments.begin(), options_.resume_arguments.end());
  }
  words.insert(words.end(), {"--minutes", fmt::to_string(minutes)});
  add_common(words, device);
  if (resumes) return words;
  words.emplace_back("--");  // since names may begin with a dash
  for (const SweepRun* run : runs) words.push_back(folder_.run(*run).recipe().string());
  return words;
}

bool SweepWords::may_share_process(const SweepRun& a, const SweepRun& b) const {
  return has_same_data(a.recipe, b.recipe) && minutes_of(a) == minutes_of(b) &&
         folder_.run(a).holds_run() == folder_.run(b).holds_run();
}

double SweepWords::minutes_of(const SweepRun& run) const {
  return sweep_.minutes > 0 ? sweep_.minutes_of_run() : run.recipe.train.minutes;
}

std::vector<std::string> SweepWords::evaluate(const SweepRun& run,
                                              const std::string& device) const {
  std::vector<std::string> words{session_.program, "evaluate"};
  const std::vector<std::string> wanted = evaluation_arguments(sweep_.study.evaluation);
  words.insert(words.end(), wanted.begin(), wanted.end());
  add_common(words, device);
  words.insert(words.end(), {"--", folder_.run(run).path().string()});
  return words;
}

void SweepWords::add_common(std::vector<std::string>& words, const std::string& device) const {
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  if (!device.empty()) words.insert(words.end(), {"--device", device});
  words.emplace_back("--json");
}

}  // namespace pumice::commands
