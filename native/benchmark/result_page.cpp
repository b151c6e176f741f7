#include "native/benchmark/result_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/escape.h"
#include "engine/base/generator.h"
#include "engine/benchmark/result_text.h"
#include "native/benchmark/comparison.h"
#include "native/report/page.h"

namespace pumice::benchmark {
namespace {

constexpr std::string_view kStyle = R"(
th, td { overflow-wrap: normal; white-space: nowrap; }
td:last-child { white-space: normal; min-width: 8em; }
.card h3 { margin-top: 22px; }
.card .quiet { margin-top: 12px; }
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: 4px 12px; }
.bars div { background: var(--line); border-radius: 3px; }
.bars span:nth-child(3n) { text-align: right; font-variant-numeric: tabular-nums; }
.bars b { display: block; height: 100%; min-height: 1.2em; border-radius: 3px; background: var(--curve-0); }
.bars b.second { background: var(--curve-2); }
.bars b.wrong { background: var(--curve-1); }
@media (max-width: 600px) {
  td:first-child { white-space: normal; min-width: 8em; }
  .bars { grid-template-columns: 1fr max-content; gap: 2px 12px; }
  .bars span:nth-child(3n + 1) { grid-column: 1 / 3; margin-top: 8px; font-size: 13px; overflow-wrap: anywhere; }
}
)";

/// Markdown's ~~x~~, the only markup in a cell, as HTML.
std::string with_strikes(const std::string& html) {
  constexpr std::string_view kMark = "~~";
  std::string result;
  bool is_open = false;
  size_t begin = 0;
  for (size_t at = html.find(kMark); at != html.npos; at = html.find(kMark, begin)) {
    result += html.substr(begin, at - begin) + (is_open ? "</s>" : "<s>");
    is_open = !is_open;
    begin = at + kMark.size();
  }
  return result + html.substr(begin);
}

std::string_view class_of(const Bar& bar) {
  if (bar.is_wrong) return " class=\"wrong\"";
  return bar.is_second ? " class=\"second\"" : "";
}

std::string bars_html(const Section& section) {
  if (section.bars.empty()) return "";
  std::string html =
      fmt::format("<h3>{}</h3>\n<div class=\"bars\">\n", escaped_html(section.bars_title));
  for (const Bar& bar : section.bars) {
    html +=
        fmt::format("<span>{}</span><div><b{} style=\"width:{:.1f}%\"></b></div><span>{}</span>\n",
                    escaped_html(bar.name), class_of(bar), 100 * std::clamp(bar.length, 0.0, 1.0),
                    with_strikes(escaped_html(bar.text)));
  }
  return html + "</div>\n";
}

std::string section_html(const Section& section) {
  const std::string note =
      section.note.empty() ? ""
                           : fmt::format("<p class=\"quiet\">{}</p>\n", escaped_html(section.note));
  return fmt::format(
      "<h2>{}</h2>\n<div class=\"card\">\n<div class=\"scroll\">\n{}</div>\n{}{}</div>\n",
      escaped_html(section.title), with_strikes(section.table.html()), bars_html(section), note);
}

std::string document(const std::string& title, const std::vector<std::string>& lines,
                     const std::vector<Section>& sections) {
  std::string body;
  for (const std::string& line : lines) {
    body += fmt::format("<p class=\"quiet\">{}</p>\n", escaped_html(line));
  }
  for (const Section& section : sections) body += section_html(section);
  return fmt::format(
      R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="{}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{} · pumice bench</title>
<style>
{}{}</style>
</head>
<body>
<main>
<h1>{}</h1>
{}</main>
</body>
</html>
)",
      kGenerator, escaped_html(title), report::page_file("report.css"), kStyle, escaped_html(title),
      body);
}

}  // namespace

std::string to_html(const Result& result) {
  return document(result.setting.device, {header_line(result.setting)}, sections_of(result));
}

std::string comparison_page(const nlohmann::ordered_json& comparison) {
  return document("Two results of pumice bench",
                  {"A: " + std::string(comparison["a"]), "B: " + std::string(comparison["b"])},
                  comparison_sections(comparison));
}

}  // namespace pumice::benchmark
