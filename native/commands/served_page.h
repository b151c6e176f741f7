#pragma once

#include <filesystem>

namespace httplib {
class Server;
}

namespace pumice::commands {

/// Serves the files of the folder, with gzip if the browser accepts it, and answers 304 Not
/// Modified to a browser that has the same bytes already (its If-None-Match). Compressed files stay
/// in memory; the page's program is compressed at once.
void serve_page(httplib::Server& server, const std::filesystem::path& site);

}  // namespace pumice::commands
