#include "native/benchmark/result_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "native/benchmark/result_text.h"
#include "native/formats/escape.h"
#include "native/formats/origin.h"
#include "native/report/page.h"

namespace pumice::benchmark {
namespace {

using formats::escaped_html;

constexpr std::string_view kStyle = R"(
.bars { display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px; margin-top: 12px; }
.bars div { background: var(--line); border-radius: 3px; }
.bars b { display: block; height: 100%; min-height: 1.2em; border-radius: 3px; background: var(--curve-0); }
.bars b.wrong { background: var(--curve-1); }
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

std::string bars_html(const Section& section) {
  if (section.bars.empty()) return "";
  std::string html =
      fmt::format("<h3>{}</h3>\n<div class=\"bars\">\n", escaped_html(section.bars_title));
  for (const Bar& bar : section.bars) {
    html += fmt::format("<span>{}</span><div><b{} style=\"width:{:.1f}%\"></b></div>\n",
                        escaped_html(bar.name), bar.is_wrong ? " class=\"wrong\"" : "",
                        100 * std::clamp(bar.length, 0.0, 1.0));
  }
  return html + "</div>\n";
}

std::string section_html(const Section& section) {
  return fmt::format(
      "<h2>{}</h2>\n<div class=\"card scroll\">\n{}{}<p class=\"quiet\">{}</p>\n"
      "</div>\n",
      escaped_html(section.title), with_strikes(section.table.html()), bars_html(section),
      escaped_html(section.note));
}

}  // namespace

std::string to_html(const Result& result) {
  std::string body;
  for (const Section& section : sections_of(result)) body += section_html(section);
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
<p class="quiet">{}</p>
{}</main>
</body>
</html>
)",
      formats::kGenerator, escaped_html(result.setting.device), report::page_file("report.css"),
      kStyle, escaped_html(result.setting.device), escaped_html(header_line(result.setting)), body);
}

}  // namespace pumice::benchmark
