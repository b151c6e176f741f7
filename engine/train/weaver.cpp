#include "engine/train/weaver.h"

namespace pumice::train {

void Weaver::run(const std::vector<NamedPrograms>& steps) {
  for (size_t turn = 0;; ++turn) {
    Programs programs;
    std::vector<hal::Strand> strands;
    bool is_done = true;
    for (const NamedPrograms& step : steps) {
      if (turn >= step.programs.size()) continue;
      is_done = false;
      Step& program = *step.programs[turn];
      if (!program.is_its_plan()) {
        program.run();
        continue;
      }
      programs.push_back(&program);
      strands.push_back({&program.plan(), step.name});
    }
    if (is_done) return;
    if (programs.empty()) continue;
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
