#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/table.h"
#include "engine/base/version.h"
#include "engine/io/json_text.h"
#include "native/commands/complete_run.h"
#include "native/commands/evaluation_table.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/commands/sampling_options.h"
#include "native/evaluation/evaluation.h"
#include "native/formats/origin.h"
#include "native/training/data_record.h"
#include "native/training/run_folder.h"

namespace pumice::commands {
namespace {

using metrics::Binarization;
using nlohmann::ordered_json;

struct EvaluateOptions {
  std::vector<std::string> runs;
  std::string run;  ///< the one of them that is measured
  bool force = false;
  std::string out;
  std::string data;
  std::string extractor;
  std::string reference = "test";
  std::string binarization = "random";
  EvaluationOptions measured;
  SamplingValues sampling;
};

/// The facts known before anything is computed.
struct Job {
  Shape image;  ///< [height, width, channels]
  io::TrainingRecord training;
  Recipe recipe;
  ExtractorChoice extractor;
  std::filesystem::path out;
};

// A checkpoint of another name is not part of a run: its folder is not ours to write to.
std::filesystem::path result_file(const EvaluateOptions& options,
                                  const std::filesystem::path& checkpoint) {
  if (!options.out.empty()) return options.out;
  const RunFolder folder(folder_holding(checkpoint));
  require(folder.checkpoint().filename() == checkpoint.filename(),
          "{}: expected a run's folder, to store the metrics in; or pass --out FILE",
          checkpoint.string());
  return folder.evaluation();
}

Job job_of(const EvaluateOptions& options) {
  const io::Checkpoint checkpoint = read_checkpoint(options.run);
  const std::string& file = checkpoint.file_name();
  const models::Family& family = checkpoint.network().family();
  require(family.draws,
          "{}: expected a model that draws images, found a {}: its test accuracy is in the run's "
          "metrics.csv",
          file, family.name);
  io::TrainingRecord training = checkpoint.training();
  Recipe recipe = parse_recipe(training.recipe, file + ": recipe");
  ExtractorChoice extractor(options.extractor, recipe.data, options.data,
                            checkpoint.network().image());
  extractor.require_enough(options.measured.samples, "samples");
  std::filesystem::path out = result_file(options, file);
  return {checkpoint.network().image(), std::move(training), std::move(recipe),
          std::move(extractor), std::move(out)};
}

TrainingData load(const EvaluateOptions& options, const Job& job, const Notify& notify) {
  const bool is_trained_on =
      options.measured.neighbours > 0 || options.measured.reference == data::Split::kTrain;
  TrainingData data;
  data.test = load_data(job.recipe, options.data, data::Split::kTest, notify);
  if (is_trained_on) data.train = load_data(job.recipe, options.data, data::Split::kTrain, notify);
  for (data::ImageSet* images : {&data.test, &data.train}) {
    match_class_names(*images, job.training.class_names);
  }
  const Shape& shape = job.image;
  for (const data::ImageSet* images : {&data.test, &data.train}) {
    const Shape found{images->height, images->width, images->channels};
    require(images->count == 0 || found == shape, "{}: draws images of {}, the data has {}",
            options.run, shape, found);
  }
  job.extractor.require_enough(
      reference_of(data, options.measured.reference).count,
      options.reference == "test" ? "test images (see --reference)" : "training images");
  if (job.training.data) {
    const std::string difference = data_difference(*job.training.data, data);
    if (!difference.empty()) notify(fmt::format("{}: {}", data.test.source, difference));
  }
  return data;
}

ordered_json to_json(const EvaluateOptions& options, const Job& job, const TrainingData& data,
                     const OpenExtractor& extractor, OpenModel& open,
                     const Evaluation& evaluation) {
  ordered_json metrics = ordered_json::object();
  for (const MeasuredMetric& metric : evaluation.metrics) {
    metrics[metric.name] = {{"mean", metric.mean}, {"of", metric.basis}};
    if (metric.deviation) metrics[metric.name]["deviation"] = *metric.deviation;
  }
  ordered_json object{{"generator", fmt::format("{} {}", kGenerator, version())},
                      {"run", options.run},
                      {"recipe", job.recipe.name},
                      {"epoch", job.training.epoch},
                      {"step", job.training.step},
                      {"extractor", extractor.network->name()},
                      {"extractor_hash", extractor.hash_text()},
                      {"samples", options.measured.samples},
                      {"repeats", options.measured.repeats},
                      {"reference", options.reference},
                      {"reference_pictures", reference_of(data, options.measured.reference).count}};
  if (const auto& likelihood = evaluation.likelihood) {
    object.update({{"binarization", likelihood->is_binary ? options.binarization : "none"},
                   {"likelihood_samples", likelihood->samples},
                   {"likelihood_pictures", likelihood->images}});
  }
  put_sampling(*open.model, object);
  const hal::Limits& device = open.device->limits();
  object.update({{"seed", options.measured.seed},
                 {"device", device.device_name},
                 {"driver", device.driver},
                 {"seconds", evaluation.seconds},
                 {"figures", metrics}});
  return object;
}

std::string to_text(const EvaluateOptions& options, const Job& job, const TrainingData& data,
                    const OpenExtractor& extractor, const Evaluation& evaluation) {
  Table table({"metric", "mean", "deviation", "of"});
  for (const MeasuredMetric& metric : evaluation.metrics) {
    table.add({metric.name, fmt::format("{:.5g}", metric.mean),
               metric.deviation ? fmt::format("{:.2g}", *metric.deviation) : "", metric.basis});
  }
  return fmt::format(
      "run        {}, {} after epoch {}\nextractor  {}\nreference  {}; metrics of other "
      "extractors, sample counts or references cannot be compared\nmeasured   in {:.1f} s\n\n{}\n",
      options.run, job.recipe.name, job.training.epoch, extractor.text(),
      reference_text(data, options.measured.reference), evaluation.seconds, table.text());
}

/// The path for the image of the nearest neighbours.
std::filesystem::path neighbours_file(const Job& job) {
  std::filesystem::path file = job.out;
  if (job.out.filename() == RunFolder(".").evaluation().filename()) {
    return file.replace_filename(RunFolder(".").neighbours().filename());
  }
  return file.replace_extension(".png");
}

void require_replaceable_results(const EvaluateOptions& options, const Job& job) {
  const RunFolder folder(folder_holding(job.out));
  const bool replaces = options.force || (options.out.empty() && folder.is_of_earlier_version());
  require_replaceable(job.out, replaces);
  if (options.measured.neighbours > 0) require_replaceable(neighbours_file(job), replaces);
  if (options.out.empty()) require_replaceable(folder.report(), replaces);
}

/// Writes the metrics, the image and the report; returns a description of the files.
std::string write(const ordered_json& object, const EvaluateOptions& options, const Job& job,
                  const Evaluation& evaluation, Session& session) {
  write_file_atomically(job.out, io::json_text(object, 2) + "\n");
  std::string written = job.out.string();
  if (evaluation.neighbours) {
    const std::filesystem::path image = neighbours_file(job);
    formats::write_grid(image, *evaluation.neighbours);
    written += " and " + image.string();
  }
  if (options.out.empty()) {
    const report::ReportedRun run = complete_run(job.out.parent_path(), options.data, session);
    write_file_atomically(run.folder.report(), report::report_page({&run, 1}));
    written += fmt::format("; open {} in a browser", run.folder.report().string());
  }
  return written;
}

/// Measures one run, stores and prints its metrics, and returns them.
ordered_json evaluate_run(const EvaluateOptions& options, const Job& job, Session& session) {
  const Notify notify = session.notifier();
  const TrainingData data = load(options, job, notify);
  OpenModel open = open_model(session, options.run, Task::kDraw);
  apply_sampling(options.sampling, *open.model);
  const OpenExtractor extractor = job.extractor.open(*open.device, notify);
  const Evaluation evaluation =
      pumice::evaluate(*open.device, *open.model, extractor, data, options.measured, notify);
  ordered_json object = to_json(options, job, data, extractor, open, evaluation);
  const bool is_only = options.runs.size() == 1;
  // First, so that a full disk costs no measurement.
  if (is_only || !session.json) {
    session.print(to_text(options, job, data, extractor, evaluation), object);
  }
  const std::string written = write(object, options, job, evaluation, session);
  if (!session.json) session.print("wrote " + written + (is_only ? "" : "\n"), {});
  return object;
}

void evaluate(EvaluateOptions& options, Session& session) {
  const size_t count = options.runs.size();
  require(count == 1 || options.out.empty(),
          "--out: expected one run, found {}: each run's metrics are stored in its folder", count);
  if (!options.out.empty()) check_output_file(options.out, {".json"}, options.force);
  EvaluationOptions& measured = options.measured;
  measured.seed = session.seed.value_or(1);
  measured.reference = options.reference == "test" ? data::Split::kTest : data::Split::kTrain;
  measured.binarization = std::map<std::string, Binarization>{
      {"random", Binarization::kRandom},
      {"threshold", Binarization::kThreshold},
      {"none",
       Binarization::kNone}}.at(options.binarization);
  std::vector<Job> jobs;
  for (const std::string& run : options.runs) {  // before any of them is measured
    options.run = run;
    require_replaceable_results(options, jobs.emplace_back(job_of(options)));
  }
  std::vector<ordered_json> results;
  for (size_t i = 0; i < count; ++i) {
    options.run = options.runs[i];
    results.push_back(evaluate_run(options, jobs[i], session));
  }
  if (count > 1) session.print(evaluation_table(results), {{"runs", results}});
}

void add_numbers(CLI::App& command, EvaluationOptions& options) {
  constexpr uint32_t kMost = 1'000'000;
  for (auto [name, value, least, help] :
       {std::tuple("--samples", &options.samples, 2u, "Samples of a repeat"),
        std::tuple("--repeats", &options.repeats, 1u,
                   "Number of FID measurements, each on new samples"),
        std::tuple("--neighbours", &options.neighbours, 0u,
                   "Samples whose nearest training images are searched; 0: none"),
        std::tuple("--likelihood-samples", &options.likelihood_samples, 1u,
                   "For VAEs: k, the latent samples per image"),
        std::tuple("--likelihood-images,--likelihood-pictures", &options.likelihood_images, 0u,
                   "For VAEs: test images whose likelihood is estimated; 0: no likelihood")}) {
    command.add_option(name, *value, help)->check(CLI::Range(least, kMost))->capture_default_str();
  }
}

}  // namespace

void add_evaluate(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measures models: FID, KID, Inception score, precision, recall, likelihood.");
  auto options = std::make_shared<EvaluateOptions>();
  command
      ->add_option("RUN", options->runs,
                   "Runs' folders, or their checkpoints (.safetensors); several are measured one "
                   "after the other and compared")
      ->required();
  add_numbers(*command, options->measured);
  command->add_option(
      "--extractor", options->extractor,
      "The feature extractor: extractor-mnist or extractor-fashion-mnist, the run or "
      "checkpoint of a classifier, or inception:FILE with Inception-v3's weights (see "
      "docs/evaluation.md); "
      "default: of MNIST and Fashion-MNIST, the one in the program; for other "
      "data with classes, a classifier of it, trained at first use");
  command->add_option("--reference", options->reference, "Compare with the test or training set")
      ->check(CLI::IsMember({"test", "train"}))
      ->capture_default_str();
  command
      ->add_option("--binarization", options->binarization,
                   "Of test images, for the likelihood of a BCE VAE: a pixel is 1 with its grey "
                   "value as probability, 1 above 0.5, or stays grey")
      ->check(CLI::IsMember({"random", "threshold", "none"}))
      ->capture_default_str();
  add_sampling_options(*command, options->sampling);
  add_data_option(*command, options->data);
  command->add_option("--out", options->out,
                      "The file for the metrics (JSON); default: evaluation.json in RUN");
  add_force_option(*command, options->force);
  add_seed_option(*command, session, "Of the samples; default: 1");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice evaluate runs/vae-mlp-mnist-1 --samples 10000 --repeats 5\n"
      "  pumice evaluate runs/vae-mlp-mnist-1 runs/vae-mlp-mnist-2");
  command->callback([options, &session] { evaluate(*options, session); });
}

}  // namespace pumice::commands
