#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pumice::serving {

/// A GET or HEAD request.
struct HttpRequest {
  std::string path;  ///< decoded, without the query: "/page.js"
  /// The value of a header, by its name in any case; empty if there is none.
  std::function<std::string(const char* name)> header;
};

/// A part of an open file, which the answer closes.
struct FilePart {
  int descriptor = -1;
  uint64_t begin = 0;
  uint64_t bytes = 0;
};

using SharedText = std::shared_ptr<const std::string>;

struct HttpAnswer {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::variant<std::string, SharedText, FilePart> body = {};
};

/// One line of text.
HttpAnswer text_answer(unsigned status, std::string text);

/// Gives the answer an entity tag. If the browser already has the bytes with this tag, completes it
/// as 304 Not Modified and returns true.
bool is_known(const HttpRequest& request, HttpAnswer& answer, const std::string& tag);

/// Bytes [begin, end) of a file.
struct FileRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool operator==(const FileRange&) const = default;
};

/// The range of a Range header ("bytes=0-99", "bytes=100-", "bytes=-8"), limited to a file of
/// `size` bytes; empty if it is beyond its end. nullopt for other units and several ranges, which a
/// server may answer with the whole file (RFC 9110, section 14.2).
std::optional<FileRange> requested_range(std::string_view header, uint64_t size);

/// Whether a Host header names this machine by an address, as localhost, or by one of `names`. A
/// page of a stranger whose name was made to resolve to this machine (DNS rebinding) is refused by
/// it: its name is the stranger's.
bool names_this_machine(std::string_view host, const std::vector<std::string>& names);

}  // namespace pumice::serving
