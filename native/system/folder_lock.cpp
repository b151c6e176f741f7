#include "native/system/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/require.h"

namespace pumice::system {
namespace {

namespace fs = std::filesystem;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

// The first line of the file. The second names the last process that wrote to the folder.
constexpr std::string_view kMark = "Pumice";
constexpr std::string_view kEarlierMark = "Pumice, from an earlier version";

std::vector<std::string> lines_of(int file) {
  std::array<char, 512> text{};
  const ssize_t length = pread(file, text.data(), text.size() - 1, 0);
  std::istringstream stream(std::string(text.data(), length > 0 ? size_t(length) : 0));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Left by a power failure.
bool is_blank(std::string_view text) { return text.find_first_not_of('\0') == text.npos; }

/// The lock file's content; empty if there is none.
std::string first_line(const fs::path& folder) {
  std::ifstream stream(lock_file(folder), std::ios::binary);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// Who holds the lock: "process 12 on host". It writes that right after taking the lock, so the
/// line is awaited for a moment.
std::string holder_of(int file) {
  constexpr int kTries = 50;
  constexpr std::chrono::milliseconds kPause(10);
  for (int i = 0; i < kTries; ++i) {
    const std::vector<std::string> lines = lines_of(file);
    if (lines.size() > 1) return lines[1];
    std::this_thread::sleep_for(kPause);
  }
  return "another process";
}

bool holds_other_files(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path() != lock_file(folder)) return true;
  }
  return false;
}

// A full disk does not prevent the lock; only its holder is then not recorded.
void write_lines(int file, std::string_view mark) {
  const std::string text = fmt::format("{}\nprocess {} on {}\n", mark, getpid(), host_name());
  if (ftruncate(file, 0) == 0) (void)!pwrite(file, text.data(), text.size(), 0);
}

}  // namespace

fs::path lock_file(const fs::path& folder) { return folder / ".pumice"; }

bool is_marked(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_regular_file(lock_file(folder), ignored)) return false;
  const std::string line = first_line(folder);
  return is_blank(line) || line.starts_with(kMark);
}

bool is_of_earlier_version(const fs::path& folder) { return first_line(folder) == kEarlierMark; }

FolderLock::FolderLock(const fs::path& folder, Access access) {
  make_folder(folder);
  const fs::path path = lock_file(folder);
  std::error_code ignored;
  const bool is_foreign = fs::exists(fs::symlink_status(path, ignored)) && !is_marked(folder);
  require(!is_foreign, "{}: Pumice did not write this file: choose another folder", path.string());
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  require(file_ >= 0, "{}: cannot open: {}", path.string(), std::strerror(errno));
  const int how = access == Access::kAlone ? LOCK_EX : LOCK_SH;
  const int error = flock(file_, how | LOCK_NB) == 0 ? 0 : errno;
  if (error == EWOULDBLOCK) {
    const std::string holder = holder_of(file_);
    close(std::exchange(file_, -1));
    throw FolderInUse(
        fmt::format("{} is in use by {}: wait until it has ended, or choose another folder",
                    folder.string(), holder));
  }
  // Other errors: the file system has no locks.
  const std::vector<std::string> lines = lines_of(file_);
  const bool is_new = lines.empty() || is_blank(lines[0]);
  const std::string_view new_mark = holds_other_files(folder) ? kEarlierMark : kMark;
  write_lines(file_, is_new ? new_mark : lines[0]);
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

}  // namespace pumice::system
