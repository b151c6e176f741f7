#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace pumice::report {

/// A file of native/report/page, or of npm's uPlot ("uPlot.iife.min.js", "uPlot.min.css",
/// "LICENSE"), as it was when the program was built; empty where the build had no uPlot. The build
/// writes the function from the files. Throws Error when there is no such file.
std::string_view page_file(std::string_view name);

/// Whether curves can be zoomed and read off; without, a page shows them as still pictures.
bool has_chart_library();

/// "data:image/png;base64,…".
std::string data_uri(std::string_view mime_type, std::string_view bytes);

/// One HTML document with everything in it: it opens from a file and fetches nothing. `data`: what
/// its script shows, see native/report/report_page.h.
std::string html_page(std::string_view title, const nlohmann::json& data);

}  // namespace pumice::report
