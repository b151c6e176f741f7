#include "native/serving/file_answer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/require.h"

namespace pumice::serving {
namespace {

/// A file as it is now: later replacements do not change it.
class OpenFile {
 public:
  // Without O_NONBLOCK, a pipe would hold up the server.
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    const bool is_file =
        descriptor_ >= 0 && fstat(descriptor_, &facts_) == 0 && S_ISREG(facts_.st_mode);
    if (!is_file && descriptor_ >= 0) close(descriptor_);
    require(is_file, "{}: cannot open the file", path.string());
  }
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  uint64_t size() const { return static_cast<uint64_t>(facts_.st_size); }
  std::string tag() const {
    return fmt::format("\"{:x}-{:x}-{:x}{:09x}\"", facts_.st_ino, facts_.st_size,
                       facts_.st_mtim.tv_sec, facts_.st_mtim.tv_nsec);
  }
  FilePart part(FileRange range) {
    return {std::exchange(descriptor_, -1), range.begin, range.end - range.begin};
  }

 private:
  int descriptor_;
  struct stat facts_ {};
};

std::optional<FileRange> range_for(const HttpRequest& request, const OpenFile& file) {
  const std::string same = request.header("If-Range");
  if (!same.empty() && same != file.tag()) return {};
  return requested_range(request.header("Range"), file.size());
}

std::string content_range(FileRange range, uint64_t size) {
  if (range.begin == range.end) return fmt::format("bytes */{}", size);
  return fmt::format("bytes {}-{}/{}", range.begin, range.end - 1, size);
}

}  // namespace

HttpAnswer file_answer(const std::filesystem::path& path, const HttpRequest& request) {
  constexpr unsigned kPart = 206;
  constexpr unsigned kBeyondTheEnd = 416;
  OpenFile file(path);
  HttpAnswer answer{.headers = {{"Accept-Ranges", "bytes"}}};
  if (is_known(request, answer, file.tag())) return answer;
  const std::optional<FileRange> asked = range_for(request, file);
  const FileRange range = asked.value_or(FileRange{0, file.size()});
  const bool is_empty = range.begin == range.end;
  if (asked) {
    answer.status = is_empty ? kBeyondTheEnd : kPart;
    answer.headers.emplace_back("Content-Range", content_range(range, file.size()));
  }
  answer.headers.emplace_back("Content-Type", "application/octet-stream");
  if (!is_empty) answer.body = file.part(range);
  return answer;
}

}  // namespace pumice::serving
