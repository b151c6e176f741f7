#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "engine/base/atomic_file.h"
#include "engine/base/count_of.h"
#include "engine/benchmark/result_json.h"
#include "engine/benchmark/result_text.h"
#include "engine/benchmark/training.h"
#include "engine/hal/device_with_limits.h"
#include "engine/io/json_text.h"
#include "engine/ops/tuned.h"
#include "native/benchmark/comparison.h"
#include "native/benchmark/kernels.h"
#include "native/benchmark/recipes.h"
#include "native/benchmark/result_page.h"
#include "native/benchmark/shapes.h"
#include "native/commands/kernel_choices.h"
#include "native/commands/number_check.h"
#include "native/commands/output_file.h"
#include "native/commands/session.h"
#include "native/commands/train/train_kernels.h"
#include "native/formats/extension.h"
#include "native/formats/origin.h"
#include "native/recipes/built_in_files.h"
#include "native/system/operating_system.h"
#include "native/system/print.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;
using benchmark::Result;

constexpr double kKernelSeconds = 0.25;

struct BenchOptions {
  double seconds = 60;
  bool training = false;
  bool kernels = false;
  bool recipes = false;
  bool dispatches = false;
  std::vector<std::string> workloads;
  std::vector<std::string> recipe_names;
  std::string precision;
  std::vector<std::string> compared;
  std::vector<std::string> out;
  std::string format = "md";
  std::string tune;
  bool force = false;

  bool wants_recipes() const { return recipes || dispatches || !recipe_names.empty(); }
  bool wants_training() const {
    return training || !workloads.empty() || !(kernels || wants_recipes());
  }
};

std::string text_as(const std::string& format, const Result& result) {
  if (format == "json") return io::json_text(benchmark::to_json(result), 1) + "\n";
  if (format == "csv") return benchmark::to_csv(result);
  if (format == "html") return benchmark::to_html(result);
  return benchmark::to_markdown(result);
}

std::string format_of(const fs::path& file) { return formats::extension_of(file).substr(1); }

/// Of a file.
std::string beginning_of(const std::string& format) {
  return format == "md" ? std::string(formats::kComment) + "\n\n" : "";
}

std::vector<benchmark::Workload> wanted_workloads(const BenchOptions& options) {
  const auto all = benchmark::workloads();
  if (options.workloads.empty()) return {all.begin(), all.end()};
  std::vector<benchmark::Workload> wanted;
  for (const std::string& name : options.workloads) {
    const auto is_it = [&](const benchmark::Workload& own) { return own.name == name; };
    if (std::ranges::none_of(wanted, is_it)) wanted.push_back(benchmark::workload_named(name));
  }
  return wanted;
}

std::vector<std::string> names_of_recipes(const BenchOptions& options) {
  if (!options.recipe_names.empty()) return options.recipe_names;
  std::vector<std::string> names;
  for (const BuiltInFile& recipe : built_in_recipes()) names.emplace_back(recipe.name);
  return names;
}

benchmark::RecipeOptions options_of_recipes(const BenchOptions& options) {
  return {.dispatches = options.dispatches, .precision = options.precision};
}

std::vector<Recipe> wanted_recipes(const BenchOptions& options) {
  std::vector<Recipe> recipes;
  if (!options.wants_recipes()) return recipes;
  for (const std::string& name : names_of_recipes(options)) {
    recipes.push_back(benchmark::recipe_to_measure(name, options_of_recipes(options)));
  }
  return recipes;
}

/// What is measured, so that a wrong name ends the program before it measures anything.
struct Wanted {
  std::vector<benchmark::Workload> workloads;
  std::vector<Recipe> recipes;
};

Wanted wanted_by(const BenchOptions& options) {
  if (!options.precision.empty() && !options.wants_recipes()) {
    throw UsageError(
        "--precision: expected with --recipe, --recipes or --dispatches; workloads are in f32");
  }
  Wanted wanted{.workloads = {}, .recipes = wanted_recipes(options)};
  if (options.wants_training()) wanted.workloads = wanted_workloads(options);
  return wanted;
}

void measure_recipes(hal::Device& device, const std::vector<Recipe>& recipes,
                     const BenchOptions& options, const Session& session, Result& result) {
  for (const Recipe& recipe : recipes) {
    session.note(recipe.name);
    result.recipes.push_back(
        benchmark::measure_recipe(device, recipe, options_of_recipes(options)));
    tell_of_missing_precision(recipe, device.limits(), session);
  }
}

/// What the measurements compute in a precision, to choose kernels for.
hal::Tuning::Wanted wanted_shapes(const hal::Limits& limits, const BenchOptions& options,
                                  const Wanted& wanted, hal::Precision precision) {
  hal::Tuning::Wanted all;
  for (const Recipe& recipe : wanted.recipes) {
    const bool is_in_it = ops::precision_on(training_limits(limits, recipe, nullptr)) == precision;
    if (is_in_it) all.merge(benchmark::shapes_in_recipe(limits, recipe));
  }
  if (precision != hal::Precision::kF32) return all;
  for (const benchmark::Workload& workload : wanted.workloads) {
    all.merge(benchmark::shapes_in_workload(limits, workload));
  }
  if (options.kernels) all.merge(benchmark::shapes_in_kernels(limits));
  return all;
}

/// The choices for all of them, each made on a device of its precision; null: fixed rules.
std::shared_ptr<hal::Tuning> choose_all_kernels(hal::Device& device, const BenchOptions& options,
                                                const Wanted& wanted, const Session& session) {
  std::shared_ptr<hal::Tuning> all;
  for (const hal::Precision precision :
       {hal::Precision::kF32, hal::Precision::kMixed, hal::Precision::kSplit}) {
    const auto shapes = wanted_shapes(device.limits(), options, wanted, precision);
    if (shapes.empty()) continue;
    hal::DeviceWithLimits own(device, hal::with_precision(device.limits(), precision));
    const auto chosen = choose_kernels(
        own, options.tune, [&] { return shapes; }, session);
    if (!chosen) continue;
    hal::Tuning::Choices both = chosen->choices();
    if (all) both.merge(all->choices());
    all = std::make_shared<hal::Tuning>(std::move(both));
  }
  return all;
}

Result measure(hal::Device& device, const BenchOptions& options, const Wanted& wanted,
               const Session& session) {
  Result result{.setting = benchmark::setting_of(device.limits(), system::operating_system()),
                .seconds = options.seconds};
  const benchmark::Ceilings ceilings = benchmark::measure_ceilings(device, options.seconds);
  result.ceilings = ceilings.all();
  if (!wanted.workloads.empty()) {
    result.training = benchmark::measure_workloads(device, wanted.workloads, options.seconds,
                                                   ceilings, session.notifier());
  }
  if (options.kernels) {
    result.kernels =
        benchmark::measure_kernels(device, ceilings, kKernelSeconds, session.notifier());
  }
  measure_recipes(device, wanted.recipes, options, session, result);
  return result;
}

void require_all_measured(const Result& result) {
  const auto has_problem = [](const benchmark::RecipeResult& own) { return !own.problem.empty(); };
  const auto failed = std::ranges::count_if(result.recipes, has_problem);
  if (failed == 0) return;
  const auto first = std::ranges::find_if(result.recipes, has_problem);
  fail("bench: {} of {} could not be measured: {}: {}", failed,
       count_of(result.recipes.size(), "recipe"), first->step.name, first->problem);
}

std::string comparison_as(const std::string& format, const nlohmann::ordered_json& comparison) {
  if (format == "json") return io::json_text(comparison, 1) + "\n";
  return format == "html" ? benchmark::comparison_page(comparison)
                          : benchmark::comparison_text(comparison);
}

/// Writes all files that can be written. Throws the first Error of the others.
void write_files(const std::vector<std::string>& files,
                 const std::function<std::string(const std::string& format)>& text) {
  std::optional<Error> failed;
  for (const std::string& file : files) {
    try {
      const std::string format = format_of(file);
      write_file_atomically(file, beginning_of(format) + text(format));
    } catch (const Error& error) {
      if (!failed) failed = error;
    }
  }
  if (failed) throw Error(*failed);
}

void note_load(double load, const Session& session) {
  const unsigned processors = std::max(std::thread::hardware_concurrency(), 1u);
  if (load <= processors / 2.0) return;
  session.note(
      fmt::format("the load before this run was {:.1f} on {}: if other programs caused it and "
                  "still run, results are lower and less steady than on a quiet machine",
                  load, count_of(processors, "processor")));
}

void compare(const BenchOptions& options, const Session& session) {
  if (options.format == "csv") throw UsageError("--format: expected md or json with --compare");
  for (const std::string& out : options.out) {
    check_output_file(out, {".md", ".json", ".html"}, options.force);
  }
  const auto comparison = benchmark::compare(benchmark::read_result(options.compared.at(0)),
                                             benchmark::read_result(options.compared.at(1)));
  system::print(stdout, comparison_as(session.json ? "json" : options.format, comparison));
  write_files(options.out,
              [&](const std::string& format) { return comparison_as(format, comparison); });
}

void bench(const BenchOptions& options, Session& session) {
  if (!options.compared.empty()) return compare(options, session);
  for (const std::string& out : options.out) {
    check_output_file(out, {".md", ".json", ".csv", ".html"}, options.force);
  }
  const Wanted wanted = wanted_by(options);
  const std::unique_ptr<hal::Device> opened = session.open_device();
  const double load = system::load_average();
  hal::Limits limits = opened->limits();
  limits.tuning = choose_all_kernels(*opened, options, wanted, session);
  hal::DeviceWithLimits device(*opened, limits);
  const Result result = measure(device, options, wanted, session);
  // First, so that a full disk does not lose what was measured.
  system::print(stdout, text_as(session.json ? "json" : options.format, result));
  write_files(options.out, [&](const std::string& format) { return text_as(format, result); });
  note_load(load, session);
  require_all_measured(result);
}

void add_groups(CLI::App& command, BenchOptions& options) {
  command.add_flag("--training", options.training,
                   "Measure the two workloads: the default, unless other groups are given");
  command.add_flag("--kernels", options.kernels, "Measure each family of kernels");
  command.add_flag("--recipes", options.recipes,
                   "Measure a step and a decode of each built-in recipe");
  command.add_option("--recipe", options.recipe_names,
                     "Measure these recipes: built-in ones or .toml files");
  command
      .add_option("--precision", options.precision,
                  "Measure recipes in this precision instead of their train.precision")
      ->check(CLI::IsMember({"f32", "mixed", "split"}));
  command.add_flag("--dispatches", options.dispatches, "Also time each dispatch of the recipes");
  command.add_option("--workload", options.workloads, "Only these workloads");
}

}  // namespace

void add_bench(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "bench", "Measures how fast this device trains, on synthetic images; needs no data.");
  auto options = std::make_shared<BenchOptions>();
  command
      ->add_option("--seconds", options->seconds, "Time for the two workloads together, in seconds")
      ->check(number_from(0.001))
      ->capture_default_str();
  add_groups(*command, *options);
  add_tune_option(*command, options->tune);
  command->add_option("-o,--out", options->out,
                      "Files to write besides: .md, .json (with every sample), .csv or .html; of a "
                      "comparison .md, .json or .html");
  command->add_option("--format", options->format, "What to print: md, json or csv")
      ->check(CLI::IsMember({"md", "json", "csv"}))
      ->capture_default_str();
  CLI::Option* compared =
      command->add_option("--compare", options->compared,
                          "Compare two JSON files of this command instead of measuring");
  compared->expected(2);
  for (const char* measuring : {"--seconds", "--training", "--kernels", "--recipes", "--recipe",
                                "--precision", "--dispatches", "--workload", "--tune"}) {
    compared->excludes(command->get_option(measuring));
  }
  add_force_option(*command, options->force);
  add_common_options(*command, session);
  command->footer("Example:\n  pumice bench -o mine.json mine.md");
  command->callback([options, &session] { bench(*options, session); });
}

}  // namespace pumice::commands
