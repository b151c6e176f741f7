#include "native/commands/serve.h"

#include <httplib.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/io/json_text.h"
#include "native/commands/served_answer.h"
#include "native/commands/served_page.h"
#include "native/commands/served_ranges.h"
#include "native/commands/session.h"
#include "native/training/checkpoint_files.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> runs;
  std::string site;
  int port = 8080;
};

void offer_models(httplib::Server& server, const std::vector<ServedModel>& models) {
  server.Get("/models/index.json", [models](const auto&, httplib::Response& response) {
    response.set_content(model_index(models), "application/json");
  });
  // A run that is still training is served in its current state.
  serve_ranges(server, R"(/models/(\d{1,6})\.safetensors)", [models](const std::string& number) {
    const size_t index = std::stoul(number);
    return index < models.size() ? models[index].file : fs::path();
  });
}

// cpp-httplib lets several servers share a port, and the system distributes connections among them.
void take_ports_alone(httplib::Server& server) {
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
}

/// Port 0 means any free port; so does one that is taken, with a note.
int bind(httplib::Server& server, int port, const Session& session) {
  take_ports_alone(server);
  errno = 0;
  if (port != 0 && server.bind_to_port("127.0.0.1", port)) return port;
  const std::string reason = std::strerror(errno);
  const int any = server.bind_to_any_port("127.0.0.1");
  require(any > 0, "serve: expected a free port on 127.0.0.1, found none");
  if (port != 0) session.note(fmt::format("serve: cannot use port {}: {}", port, reason));
  return any;
}

void serve(const Options& options, Session& session) {
  const fs::path site = site_folder(options.site);
  const std::vector<ServedModel> models = served_models(options.runs);
  httplib::Server server;
  take_over_ranges(server);
  offer_models(server, models);
  serve_page(server, site);
  server.set_default_headers({{"Cache-Control", "no-cache"}});
  std::string url = fmt::format("http://127.0.0.1:{}/", bind(server, options.port, session));
  session.print(
      fmt::format("serving {} on {} (Ctrl-C stops)", count_of(models.size(), "model"), url),
      {{"url", url}, {"models", models.size()}});
  std::cout.flush();
  server.listen_after_bind();
}

}  // namespace

std::vector<ServedModel> served_models(const std::vector<std::string>& runs) {
  std::vector<ServedModel> models;
  for (const std::string& run : runs) {
    fs::path file = checkpoint_of(run);
    require(fs::exists(file), "{}: expected the folder of a run or a checkpoint", run);
    fs::path folder = fs::weakly_canonical(file).parent_path();
    bool is_run = fs::is_directory(run);
    std::string name = is_run ? folder.filename().string() : file.stem().string();
    auto same = std::ranges::count_if(models, [&](const ServedModel& model) {
      return model.name == name || model.name.starts_with(name + " (");
    });
    if (same > 0) name += fmt::format(" ({})", same + 1);
    models.push_back({name, file});
  }
  return models;
}

std::string model_index(const std::vector<ServedModel>& models) {
  nlohmann::json index = nlohmann::json::array();
  for (size_t i = 0; i < models.size(); ++i) {
    index.push_back({{"name", models[i].name}, {"file", fmt::format("{}.safetensors", i)}});
  }
  return io::json_text(index);
}

fs::path site_folder(const std::string& wanted) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  std::vector<fs::path> places = {program / "../share/pumice/site", program / "../web/site"};
  if (!wanted.empty()) places = {wanted};
  for (const fs::path& place : places) {
    if (fs::exists(place / "pumice.wasm", ignored)) return fs::weakly_canonical(place);
  }
  fail("serve: expected the page in {}, found none; build it with cmake --workflow --preset web",
       wanted.empty() ? places.back().lexically_normal().string() : wanted);
}

void add_serve(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("serve", "Shows models in the browser: serves the page on 127.0.0.1.");
  auto options = std::make_shared<Options>();
  command->add_option("RUN", options->runs, "Folders of runs, or checkpoints");
  command->add_option("--site", options->site,
                      "The page's folder; default: the one built or installed with this program");
  command->add_option("--port", options->port, "0, or a port in use: any free port")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_flag("--json", session.json, "Results as JSON on stdout");
  command->footer("Example:\n  pumice serve runs/vae-mlp-mnist-1");
  command->callback([options, &session] { serve(*options, session); });
}

}  // namespace pumice::commands
