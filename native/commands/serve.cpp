#include "native/commands/serve.h"

#include <signal.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/io/checkpoint_header.h"
#include "engine/io/json_text.h"
#include "engine/io/safetensors.h"
#include "native/commands/session.h"
#include "native/serving/file_answer.h"
#include "native/serving/http_server.h"
#include "native/serving/page_files.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_folder.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;
using serving::HttpAnswer;
using serving::HttpRequest;
using serving::HttpServer;

struct ServeOptions {
  std::vector<std::string> runs;
  std::string site;
  std::string host = "127.0.0.1";
  uint16_t port = 8080;
};

constexpr std::string_view kModels = "/models/";

/// The model of "/models/3.safetensors"; null if the path is not one of a model.
const ServedModel* model_at(const std::string& path, const std::vector<ServedModel>& models) {
  for (const ServedModel& model : models) {
    if (path == std::string(kModels) + model.address) return &model;
  }
  return nullptr;
}

// A run that is still training is served in its current state.
HttpAnswer answer(const std::vector<ServedModel>& models, serving::PageFiles& page,
                  const HttpRequest& request) {
  if (request.path == std::string(kModels) + "index.json") {
    return {.headers = {{"Content-Type", "application/json"}}, .body = model_index(models)};
  }
  const ServedModel* model = model_at(request.path, models);
  if (model == nullptr) return page.answer(request);
  require_no_link_out(model->file);
  return serving::file_answer(model->file, request);
}

/// A port that is taken is replaced by any free one, with a note.
std::unique_ptr<HttpServer> start(const ServeOptions& options, const HttpServer::Handler& handler,
                                  const Session& session) {
  try {
    return std::make_unique<HttpServer>(options.host, options.port, handler);
  } catch (const Error& error) {
    auto server = std::make_unique<HttpServer>(options.host, 0, handler);
    session.note(error.what());
    return server;
  }
}

// The run may be training and replace the file, so it is served all the same.
void warn_of_damage(const ServedModel& model, const Session& session) {
  try {
    io::SafetensorsHeader::read(model.file);
  } catch (const Error& error) {
    session.note(fmt::format("{}; the page will not open it", error.what()));
  }
}

void serve(const ServeOptions& options, Session& session) {
  serving::PageFiles page(site_folder(options.site));
  const std::vector<ServedModel> models = served_models(options.runs);
  for (const ServedModel& model : models) warn_of_damage(model, session);
  const auto server = start(
      options, [&](const HttpRequest& request) { return answer(models, page, request); }, session);
  session.print(fmt::format("serving {} on {} (Ctrl-C stops)", count_of(models.size(), "model"),
                            server->url()),
                {{"url", server->url()}, {"models", models.size()}});
  std::cout.flush();
  while (true) pause();  // until a signal ends the process
}

}  // namespace

void require_no_link_out(const fs::path& file) {
  std::error_code error;
  if (!fs::is_symlink(file, error)) return;
  const fs::path folder = fs::canonical(folder_holding(file), error);
  const fs::path target = fs::canonical(file, error);
  require(!error && target.parent_path() == folder,
          "{}: expected a file of its folder, found a link to another place", file.string());
}

std::vector<ServedModel> served_models(const std::vector<std::string>& runs) {
  std::vector<ServedModel> models;
  for (const std::string& run : runs) {
    const fs::path file = checkpoint_of(run);
    require(fs::is_regular_file(file), "{}: expected the folder of a run or a checkpoint", run);
    const bool is_run = fs::is_directory(run);
    if (is_run) require_no_link_out(file);
    const fs::path folder = fs::weakly_canonical(file).parent_path();
    std::string name = is_run ? folder.filename().string() : file.stem().string();
    auto same = std::ranges::count_if(models, [&](const ServedModel& model) {
      return model.name == name || model.name.starts_with(name + " (");
    });
    if (same > 0) name += fmt::format(" ({})", same + 1);
    models.push_back(
        {name, fmt::format("{}.safetensors", models.size()), is_run ? file : fs::canonical(file)});
  }
  return models;
}

// Read anew for each request: a run that is training replaces the file.
std::string thumbnail_of(const ServedModel& model) {
  try {
    const io::SafetensorsHeader header = io::SafetensorsHeader::read(model.file);
    const auto found = header.metadata().find(io::kThumbnail);
    return found == header.metadata().end() ? "" : found->second;
  } catch (const Error&) {
    return "";  // the page says what is wrong when it opens the model
  }
}

std::string model_index(const std::vector<ServedModel>& models) {
  nlohmann::json index = nlohmann::json::array();
  for (const ServedModel& model : models) {
    nlohmann::json entry{{"name", model.name}, {"file", model.address}};
    if (std::string thumbnail = thumbnail_of(model); !thumbnail.empty()) {
      entry["thumbnail"] = std::move(thumbnail);
    }
    index.push_back(std::move(entry));
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
      app.add_subcommand("serve",
                         "Shows models in the browser: serves the page and these models, "
                         "by default to this machine alone.");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("RUN", options->runs, "Folders of runs, or checkpoints");
  command->add_option("--site", options->site,
                      "The page's folder; default: the one built or installed with this program");
  command
      ->add_option("--host", options->host,
                   "The address to listen at; 0.0.0.0: all of this machine's, for everybody who "
                   "reaches it")
      ->capture_default_str();
  command->add_option("--port", options->port, "0, or a port in use: any free port")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_flag("--json", session.json, "Results as JSON on stdout");
  command->footer("Example:\n  pumice serve runs/vae-mlp-mnist-1");
  command->callback([options, &session] { serve(*options, session); });
}

}  // namespace pumice::commands
