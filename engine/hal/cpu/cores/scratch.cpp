#include "engine/hal/cpu/cores/scratch.h"

#ifdef __wasm__
#include <pthread.h>
#endif

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

#ifdef __wasm__
// Variables of threads do not work in a program that is linked without threads from objects that
// were compiled for them.
Scratch& own_scratch() {
  static const pthread_key_t key = [] {
    pthread_key_t made;
    pthread_key_create(&made, [](void* own) { delete static_cast<Scratch*>(own); });
    return made;
  }();
  auto* own = static_cast<Scratch*>(pthread_getspecific(key));
  if (own == nullptr) pthread_setspecific(key, own = new Scratch);
  return *own;
}
#else
Scratch& own_scratch() {
  thread_local Scratch own;
  return own;
}
#endif

}  // namespace

float* scratch(size_t count) {
  Scratch& own = own_scratch();
  if (count > own.count) {
    own = {};
    own.memory.reset(static_cast<float*>(::operator new(4 * count, kAlignment)));
    own.count = count;
  }
  return own.memory.get();
}

}  // namespace pumice::hal::cpu
