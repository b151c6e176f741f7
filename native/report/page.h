#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace pumice::report {

/// A file of native/report/page, or of npm's uPlot ("uPlot.iife.min.js", "uPlot.min.css",
/// "LICENSE"), embedded when the program was built; empty if it was built without uPlot. The build
/// generates the function from the files. Throws Error if there is no such file.
std::string_view page_file(std::string_view name);

/// Whether charts are interactive; otherwise a page shows them as static images.
bool has_chart_library();

/// "data:image/png;base64,…".
std::string data_uri(std::string_view mime_type, std::string_view bytes);

/// A self-contained HTML document: it opens from a file and fetches nothing. `data`: the input of
/// its script, see native/report/report_page.h.
/// If `data` has a "live" state, the page follows runs that train: see
/// native/commands/live_report.h.
std::string html_page(std::string_view title, const nlohmann::json& data);

}  // namespace pumice::report
