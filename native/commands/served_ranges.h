#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace httplib {
class Server;
}

namespace pumice::commands {

/// Serves files at the addresses that match `pattern`: whole, or the range of bytes that the
/// browser asks for. `file_of` takes the pattern's first group; it returns an empty path if there
/// is no such file. Files are read at every request; If-Range and If-None-Match tell whether they
/// changed.
void serve_ranges(httplib::Server& server, const std::string& pattern,
                  const std::function<std::filesystem::path(const std::string&)>& file_of);

/// Bytes [begin, end) of a file.
struct FileRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool operator==(const FileRange&) const = default;
};

/// The range of a Range header ("bytes=0-99", "bytes=100-", "bytes=-8"), limited to a file of
/// `size` bytes; empty if it is beyond its end. nullopt for other units and several ranges, which a
/// server may answer with the whole file.
std::optional<FileRange> requested_range(std::string_view header, uint64_t size);

}  // namespace pumice::commands
