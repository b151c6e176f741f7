#include "native/commands/served_ranges.h"

#include <httplib.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "engine/base/require.h"
#include "native/commands/served_answer.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

/// A file as it is now: later replacements do not change it.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : stream_(std::fopen(path.c_str(), "rb"), &std::fclose) {
    require(stream_ != nullptr && fstat(fileno(stream_.get()), &facts_) == 0, "{}: cannot open",
            path.string());
  }

  uint64_t size() const { return static_cast<uint64_t>(facts_.st_size); }
  std::string tag() const {
    return fmt::format("\"{:x}-{:x}-{:x}{:09x}\"", facts_.st_ino, facts_.st_size,
                       facts_.st_mtim.tv_sec, facts_.st_mtim.tv_nsec);
  }
  bool write(uint64_t at, uint64_t count, httplib::DataSink& sink) const {
    constexpr uint64_t kPiece = 1 << 18;
    std::string bytes(std::min(count, kPiece), '\0');
    if (std::fseek(stream_.get(), static_cast<long>(at), SEEK_SET) != 0) return false;
    if (std::fread(bytes.data(), 1, bytes.size(), stream_.get()) != bytes.size()) return false;
    return sink.write(bytes.data(), bytes.size());
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream_;
  struct stat facts_ {};
};

void answer(const fs::path& path, const httplib::Request& request, httplib::Response& response) {
  const auto file = std::make_shared<const OpenFile>(path);
  const uint64_t size = file->size();
  response.status = 200;
  response.set_header("Accept-Ranges", "bytes");
  if (is_known(request, response, file->tag())) return;
  const std::string same = request.get_header_value("If-Range");
  std::optional<FileRange> range;
  if (same.empty() || same == file->tag()) {
    range = requested_range(request.get_header_value("Range"), size);
  }
  const auto [begin, end] = range.value_or(FileRange{0, size});
  if (range) {
    response.status = begin < end ? 206 : 416;
    response.set_header("Content-Range", begin < end
                                             ? fmt::format("bytes {}-{}/{}", begin, end - 1, size)
                                             : fmt::format("bytes */{}", size));
  }
  if (begin == end) return;
  response.set_content_provider(
      end - begin, "application/octet-stream",
      [file, begin = begin](size_t at, size_t count, httplib::DataSink& sink) {
        return file->write(begin + at, count, sink);
      });
}

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || at != text.data() + text.size()) return {};
  return value;
}

}  // namespace

std::optional<FileRange> requested_range(std::string_view header, uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const size_t dash = header.find('-');
  if (!header.starts_with(kUnit) || dash == header.npos) return {};
  const std::string_view from = header.substr(kUnit.size(), dash - kUnit.size());
  const std::string_view to = header.substr(dash + 1);
  const std::optional<uint64_t> first = number(from);
  const std::optional<uint64_t> last = number(to);
  if (from.empty() && last) return FileRange{size - std::min(*last, size), size};
  if (!first || (!last && !to.empty()) || (last && *last < *first)) return {};
  if (*first >= size) return FileRange{size, size};
  return FileRange{*first, last ? std::min(*last, size - 1) + 1 : size};
}

void serve_ranges(httplib::Server& server, const std::string& pattern,
                  const std::function<fs::path(const std::string&)>& file_of) {
  server.Get(pattern, [file_of](const httplib::Request& request, httplib::Response& response) {
    response.status = 404;
    const fs::path file = file_of(request.matches[1].str());
    if (file.empty()) return;
    try {
      answer(file, request, response);
    } catch (const Error& error) {  // for example, the run is being replaced
      response.set_content(error.what(), "text/plain");
    }
  });
}

}  // namespace pumice::commands
