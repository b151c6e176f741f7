#include "engine/base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "engine/base/require.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_with_errno(const fs::path& path, std::string_view action) {
  fail("{}: cannot {}: {}", path.string(), action, std::strerror(errno));
}

/// A temporary file next to `target`, deleted unless it is renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) : target_(target) {
    static std::atomic<uint64_t> counter = 0;
    path_ = target.parent_path() /
            fmt::format(".{}.{}-{}.tmp", target.filename().string(), getpid(), counter++);
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail_with_errno(target_, "create the file");
  }

  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!renamed_) unlink(path_.c_str());
  }

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(ByteSpan bytes) {
    while (!bytes.empty()) {
      ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail_with_errno(target_, "write");
      bytes = bytes.subspan(static_cast<size_t>(written));
    }
  }

  void finish() {
    if (fsync(descriptor_) != 0) fail_with_errno(target_, "write");
    // Network file systems report a full disk only here.
    if (close(std::exchange(descriptor_, -1)) != 0) fail_with_errno(target_, "write");
  }

  void replace_target() {
    if (rename(path_.c_str(), target_.c_str()) != 0) fail_with_errno(target_, "replace the file");
    renamed_ = true;
  }

 private:
  fs::path target_;
  fs::path path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

// Without this, a power failure may undo the rename. Not every file system can sync a folder, so
// failures are ignored.
void sync_folder(const fs::path& folder) {
  int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

// Renaming onto a symbolic link would replace the link, not its target.
fs::path follow_links(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_symlink(path, ignored)) return path;
  fs::path target = fs::canonical(path, ignored);
  return target.empty() ? path : target;
}

}  // namespace

void write_file_atomically(const fs::path& path, std::span<const ByteSpan> pieces,
                           const std::function<void()>& before_replacing) {
  fs::path target = follow_links(path);
  TemporaryFile file(target);
  for (ByteSpan piece : pieces) file.write(piece);
  file.finish();
  if (before_replacing) before_replacing();
  file.replace_target();
  sync_folder(target.parent_path());
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  ByteSpan piece = as_bytes(text);
  write_file_atomically(path, std::span(&piece, 1));
}

}  // namespace pumice
