#include "native/serving/http.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "engine/base/lowered.h"

namespace pumice::serving {
namespace {

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || at != text.data() + text.size()) return {};
  return value;
}

bool is_address(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

/// A Host header without its port and an IPv6 address's brackets, in lower case.
std::string host_name(std::string_view host) {
  const size_t bracket = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  if (bracket != std::string_view::npos) {
    host = host.substr(1, bracket - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return lowered(host);
}

}  // namespace

HttpAnswer text_answer(unsigned status, std::string text) {
  text += '\n';
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

bool is_known(const HttpRequest& request, HttpAnswer& answer, const std::string& tag) {
  constexpr unsigned kNotModified = 304;
  answer.headers.emplace_back("ETag", tag);
  if (request.header("If-None-Match").find(tag) == std::string::npos) return false;
  answer.status = kNotModified;
  return true;
}

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

bool names_this_machine(std::string_view host, const std::vector<std::string>& names) {
  const std::string name = host_name(host);
  return name == "localhost" || is_address(name) || std::ranges::find(names, name) != names.end();
}

}  // namespace pumice::serving
