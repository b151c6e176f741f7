#include "engine/io/export.h"

#include <fmt/ranges.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/models/classifier/classifier_model.h"
#include "engine/models/latents.h"
#include "native/commands/export_map.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/system/device_text.h"
#include "native/views/images.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kSamples = 100;
constexpr uint64_t kSeed = 1;

struct ExportOptions {
  std::string run;
  std::string out;
  bool for_web = false;
  bool is_extractor = false;
  bool is_f32 = false;
  bool leaves_out_encoder = false;
  bool leaves_out_map = false;
  std::string data;
  bool force = false;
};

// A run's folder gives its name to the file.
fs::path default_out(const std::string& run) {
  std::error_code ignored;
  const fs::path path = fs::weakly_canonical(run, ignored);
  const bool is_folder = fs::is_directory(path, ignored);
  return (is_folder ? path.filename() : path.stem()).string() + ".safetensors";
}

bool is_exported_file(const fs::path& file) {
  try {
    return io::is_exported(io::SafetensorsHeader::read(file));
  } catch (const Error&) {
    return false;
  }
}

void check_out(const fs::path& out, const fs::path& checkpoint, bool force) {
  std::error_code ignored;
  require(!fs::equivalent(out, checkpoint, ignored),
          "--out {}: expected another file than the checkpoint, which training needs to resume",
          out.string());
  check_output_file(out, {".safetensors"}, force || is_exported_file(out));
}

/// What a model draws, for comparison with what its exported file draws.
struct Drawn {
  std::vector<float> images;
  std::string device;
};

// Samples and, if the model has an encoder and `reconstructs`, their reconstructions.
Drawn draw(const OpenModel& open, bool reconstructs) {
  models::Inference& inference = open.model->inference();
  const std::vector<uint32_t> labels = views::drawn_labels(inference, kSamples, {});
  Drawn drawn{
      inference.decode(models::normal_latents(kSeed, 0, kSamples, inference.latent_size()), labels),
      system::device_line(open.device->limits())};
  if (!reconstructs || !inference.can_encode()) return drawn;
  const std::vector<float> again = inference.reconstruct(drawn.images, labels);
  drawn.images.insert(drawn.images.end(), again.begin(), again.end());
  return drawn;
}

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

std::string size_text(uint64_t bytes) {
  return fmt::format("{:.2f} MB", static_cast<double>(bytes) / 1e6);
}

std::string stays_f32(const std::vector<std::string>& too_large) {
  return fmt::format("stays f32, because f16 ends at 65504: {}", fmt::join(too_large, ", "));
}

void report(const ExportOptions& options, const Session& session, const fs::path& checkpoint,
            const std::vector<std::string>& too_large, const std::string& thumbnail,
            const Drawn& whole, const Drawn& exported) {
  const uint64_t before = fs::file_size(checkpoint);
  const uint64_t after = fs::file_size(options.out);
  const float difference = largest_difference(whole.images, exported.images);
  if (!too_large.empty()) session.note(stays_f32(too_large));
  session.print(
      fmt::format("wrote {}: {}, the checkpoint has {}; pixels (0 to 1) of {} differ by at most "
                  "{:.2g} on {}",
                  options.out, size_text(after), size_text(before), count_of(kSamples, "sample"),
                  difference, exported.device),
      {{"out", options.out},
       {"bytes", after},
       {"checkpoint_bytes", before},
       {"largest_difference", difference},
       {"samples", kSamples},
       {"device", exported.device},
       {"f32_tensors", too_large},
       {"thumbnail", thumbnail}});
}

void export_extractor(const ExportOptions& options, const fs::path& file, Session& session) {
  const io::Checkpoint checkpoint = read_checkpoint(file);
  require(checkpoint.network().build()->as<models::ClassifierModel>() != nullptr,
          "{}: expected a classifier, found a {}", file.string(),
          checkpoint.network().family().name);
  const std::vector<std::string> too_large =
      io::write_export(options.out, checkpoint, {.half = !options.is_f32, .with_origin = false});
  if (!too_large.empty()) session.note(stays_f32(too_large));
  const uint64_t before = fs::file_size(file), after = fs::file_size(options.out);
  session.print(fmt::format("wrote {}: {}, the checkpoint has {}; for pumice evaluate --extractor",
                            options.out, size_text(after), size_text(before)),
                {{"out", options.out},
                 {"bytes", after},
                 {"checkpoint_bytes", before},
                 {"f32_tensors", too_large}});
}

void export_run(ExportOptions options, Session& session) {
  if (options.out.empty()) options.out = default_out(options.run).string();
  const fs::path checkpoint = checkpoint_of(options.run);
  check_out(options.out, checkpoint, options.force);
  if (options.is_extractor) return export_extractor(options, checkpoint, session);
  const bool reconstructs = !options.leaves_out_encoder;
  const OpenModel open = open_model(session, options.run, Task::kDraw);
  const Drawn whole = draw(open, reconstructs);
  const MapSource source =
      map_source(session, open, options.run, options.data, !options.leaves_out_map);
  std::optional<io::LatentMap> map;
  if (!options.leaves_out_map) map = make_map(session, open, source);
  const io::Metadata opening = make_opening(open, source);
  const std::vector<std::string> too_large =
      io::write_export(options.out, read_checkpoint(options.run),
                       {.half = !options.is_f32,
                        .with_encoder = !options.leaves_out_encoder,
                        .map = map ? &*map : nullptr,
                        .opening = opening});
  report(options, session, checkpoint, too_large, opening.at(io::kThumbnail), whole,
         draw(open_model(session, options.out, Task::kDraw), reconstructs));
}

}  // namespace

void add_export(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "export",
      "Writes a small file with what draws and encodes, for the page, sample, reconstruct and "
      "evaluate, or a classifier to measure with; training cannot be resumed from it.");
  auto options = std::make_shared<ExportOptions>();
  add_run_option(*command, options->run);
  CLI::Option_group* form = command->add_option_group("What to write");
  form->require_option(1);
  form->add_flag("--web", options->for_web, "A model that draws, for the page");
  form->add_flag("--extractor", options->is_extractor,
                 "A classifier, for evaluate --extractor: the same bytes from the same training");
  command->add_option("-o,--out", options->out,
                      "The file to write (.safetensors); default: the run's name, here");
  add_force_option(*command, options->force);
  command->add_flag("--f32", options->is_f32, "Keep the weights as they are, instead of f16");
  command->add_flag("--without-encoder", options->leaves_out_encoder,
                    "Leave out what encodes images: smaller, and it only draws");
  command->add_flag("--without-map", options->leaves_out_map,
                    "Leave out the map of test images, or of samples");
  add_data_option(*command, options->data);
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice export runs/vae-mlp-mnist-1 --web -o digits.safetensors\n"
      "  pumice export runs/classifier-mnist-1 --extractor");
  command->callback([options, &session] { export_run(*options, session); });
}

}  // namespace pumice::commands
