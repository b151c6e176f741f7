#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

namespace pumice::fuzz {

std::vector<NamedTarget>& targets() {
  static std::vector<NamedTarget> all;
  return all;
}

bool add_target(const char* name, Target run) {
  targets().push_back({name, run});
  return true;
}

MemoryFile::MemoryFile()
    : descriptor_(memfd_create("input", MFD_CLOEXEC)),
      path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  expect(descriptor_ >= 0);
}

MemoryFile::~MemoryFile() { close(descriptor_); }

const std::string& MemoryFile::with(std::string_view content) {
  expect(ftruncate(descriptor_, 0) == 0);
  expect(pwrite(descriptor_, content.data(), content.size(), 0) ==
         static_cast<ssize_t>(content.size()));
  return path_;
}

bool link_to(MemoryFile& file, const std::string& path) {
  return symlink(file.with("").c_str(), path.c_str()) == 0;
}

}  // namespace pumice::fuzz
