#include "native/report/page.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/escape.h"
#include "engine/io/json_text.h"

namespace pumice::report {
namespace {

using nlohmann::json;

// Text of a run must not close the element that holds it, so it is stored without any '<'.
std::string json_for_script(const json& data) {
  std::string safe;
  for (char c : io::json_text(data)) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

std::string charts_script() {
  if (!has_chart_library()) return "";
  return "/*\n" + std::string(page_file("LICENSE")) + "\n*/\n" +
         std::string(page_file("uPlot.iife.min.js"));
}

std::string page_script(bool is_live) {
  std::string script;
  for (const char* name :
       {"elements.js", "axes.js", "charts.js", "curves.js", "overview.js", "settings.js",
        "evaluations.js", "scatter.js", "images.js", "report.js"}) {
    script += page_file(name);
  }
  if (is_live) script += page_file("live.js");
  return script;
}

// Replaces each @name@ once, in order; replacements are not searched.
template <size_t N>
std::string filled(std::string_view page,
                   const std::array<std::pair<std::string_view, std::string>, N>& parts) {
  std::string result;
  for (const auto& [name, part] : parts) {
    const size_t at = page.find(name);
    result += page.substr(0, at);
    result += part;
    page.remove_prefix(at + name.size());
  }
  return result + std::string(page);
}

}  // namespace

bool has_chart_library() { return !page_file("uPlot.iife.min.js").empty(); }

std::string data_uri(std::string_view mime_type, std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = "data:" + std::string(mime_type) + ";base64,";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (j < group.size() ? static_cast<uint8_t>(group[j]) : 0);
    }
    for (size_t j = 0; j < 4; ++j) {
      uri += j <= group.size() ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
  return uri;
}

std::string html_page(std::string_view title, const json& data) {
  const bool is_live = data.contains("live");
  const std::array<std::pair<std::string_view, std::string>, 7> parts{{
      {"@connections@", is_live ? "; connect-src 'self'" : ""},
      {"@title@", escaped_html(title)},
      {"@charts-style@", std::string(page_file("uPlot.min.css"))},
      {"@style@", std::string(page_file("report.css"))},
      {"@data@", json_for_script(data)},
      {"@charts@", charts_script()},
      {"@script@", page_script(is_live)},
  }};
  return filled(page_file("report.html"), parts);
}

}  // namespace pumice::report
