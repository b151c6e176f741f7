#include "engine/train/weaver.h"

namespace pumice::train {

void Weaver::run(const std::vector<NamedPrograms>& steps) {
  for (size_t turn = 0;; ++turn) {
    Programs programs;
    std::vector<hal::Strand> strands;
    for (const NamedPrograms& step : steps) {
      if (turn >= step.programs.size()) continue;
      programs.push_back(step.programs[turn]);
      strands.push_back({&step.programs[turn]->plan(), step.name});
    }
    if (programs.empty()) return;
    if (programs.size() == 1) {
      programs[0]->run();
    } else {
      device_.run(woven(programs, strands));
    }
  }
}

hal::Program& Weaver::woven(const Programs& programs, const std::vector<hal::Strand>& strands) {
  std::unique_ptr<hal::Program>& program = woven_[programs];
  if (!program) program = device_.compile(hal::weave(strands, "woven"));
  return *program;
}

}  // namespace pumice::train
