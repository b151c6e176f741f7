#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "native/commands/open_model.h"
#include "native/run/latent_scatter.h"
#include "native/run/load_data.h"
#include "native/run/pictures.h"
#include "native/run/report_page.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> runs;
  std::string out;
  std::string data;
};

// What a run draws at its end; runs that were interrupted, or are older, lack it.
void draw_missing(ReportedRun& run, const Options& options, Session& session) {
  const io::Checkpoint checkpoint = io::Checkpoint::read(run.folder.checkpoint());
  const bool is_vae = nn::kind_of(checkpoint.network()) == "vae";
  const bool lacks_strip = !fs::exists(run.folder.interpolation());
  const bool lacks_plane =
      is_vae && nn::latent_size_of(checkpoint.network()) > 1 && !fs::exists(run.folder.latents());
  if (nn::kind_of(checkpoint.network()) == "classifier" || !(lacks_strip || lacks_plane)) return;
  OpenModel open = open_model(session, run.folder.path(), Task::kDraw);
  nn::Inference& inference = open.model->inference();
  const io::TrainingRecord record = checkpoint.training();
  if (lacks_strip) run.interpolation = interpolation_picture(inference, record.seed);
  if (!lacks_plane) return;
  const Recipe recipe = parse_recipe(record.recipe, checkpoint.file_name() + ": recipe");
  run.latents =
      scatter_picture(inference, load_data(recipe.data, options.data, data::Split::kTest,
                                           [&](const std::string& text) { session.note(text); }));
}

ReportedRun complete_run(const std::string& path, const Options& options, Session& session) {
  ReportedRun run = reported_run(path);
  try {
    if (run.folder.holds_run()) draw_missing(run, options, session);
  } catch (const Error& error) {
    run.notes.emplace_back(error.what());
    session.note(fmt::format("left out what needs the model: {}", error.what()));
  }
  return run;
}

void report(const Options& options, Session& session) {
  std::vector<ReportedRun> runs;
  for (const std::string& path : options.runs) runs.push_back(complete_run(path, options, session));
  tell_apart(runs);
  fs::path out = options.out;
  if (out.empty()) out = runs.size() == 1 ? runs[0].folder.report() : fs::path("report.html");
  const std::string page = report_page(runs);
  write_file_atomically(out, page);
  session.print(fmt::format("wrote {}: {} {}, {} kB", out.string(), runs.size(),
                            runs.size() == 1 ? "run" : "runs side by side", page.size() / 1000),
                {{"out", out.string()}, {"runs", runs.size()}, {"bytes", page.size()}});
}

}  // namespace

void add_report(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "report",
      "Writes a page of curves, pictures, networks and recipe, of several runs side by side.");
  auto options = std::make_shared<Options>();
  command->add_option("RUN", options->runs, "Folders of runs")->required();
  command->add_option("--out", options->out,
                      "The page to write (HTML); default: report.html in the run's folder, of "
                      "several runs in this one");
  add_data_option(*command, options->data);
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice report runs/vae-mlp-mnist-1 runs/vae-mlp-mnist-2 --out both.html");
  command->callback([options, &session] { report(*options, session); });
}

}  // namespace pumice::commands
