#include "native/run/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "engine/base/require.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

/// The process that wrote its name into the file.
std::string holder_of(int file) {
  std::array<char, 512> text{};
  const ssize_t length = pread(file, text.data(), text.size() - 1, 0);
  std::string holder(text.data(), length > 0 ? static_cast<size_t>(length) : 0);
  holder.erase(std::min(holder.find('\n'), holder.size()));
  return holder.empty() ? "another process" : holder;
}

void write_holder(int file) {
  const std::string text = fmt::format("process {} on {}\n", getpid(), host_name());
  // A full disk does not hinder the lock; only its holder is then not known by name.
  if (ftruncate(file, 0) == 0) (void)!pwrite(file, text.data(), text.size(), 0);
}

}  // namespace

fs::path lock_file(const fs::path& folder) { return folder / ".pumice"; }

bool is_marked(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(lock_file(folder), ignored);
}

FolderLock::FolderLock(const fs::path& folder) {
  make_folder(folder);
  const fs::path path = lock_file(folder);
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  require(file_ >= 0, "{}: cannot open: {}", path.string(), std::strerror(errno));
  const int error = flock(file_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
  if (error == 0) write_holder(file_);
  if (error != EWOULDBLOCK) return;  // other errors: a file system without locks
  const std::string holder = holder_of(file_);
  close(std::exchange(file_, -1));
  fail("{} is in use by {}: wait until it has ended, or choose another folder", folder.string(),
       holder);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) close(file_);
}

fs::path make_numbered_folder(const fs::path& parent, const std::string& name) {
  make_folder(parent);
  for (uint32_t number = 1;; ++number) {
    const fs::path path = parent / fmt::format("{}-{}", name, number);
    std::error_code error;
    if (fs::create_directory(path, error)) return path;
    require(!error || fs::exists(path), "{}: cannot create the folder: {}", path.string(),
            error.message());
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  require(!error || fs::is_directory(folder), "{}: cannot create the folder: {}", folder.string(),
          error.message());
}

}  // namespace pumice
