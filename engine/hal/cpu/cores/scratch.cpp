#include "engine/hal/cpu/cores/scratch.h"

#include <memory>
#include <new>

namespace pumice::hal::cpu {
namespace {

constexpr std::align_val_t kAlignment{64};

struct Free {
  void operator()(float* memory) const { ::operator delete(memory, kAlignment); }
};

struct Scratch {
  std::unique_ptr<float, Free> memory;
  size_t count = 0;
};

thread_local Scratch mine;

}  // namespace

float* scratch(size_t count) {
  if (count > mine.count) {
    mine = {};
    mine.memory.reset(static_cast<float*>(::operator new(4 * count, kAlignment)));
    mine.count = count;
  }
  return mine.memory.get();
}

}  // namespace pumice::hal::cpu
