#include "native/sweeps/run_plans.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/require.h"
#include "native/recipes/source.h"
#include "native/training/data_folder.h"

namespace pumice {
namespace {

std::string key_of(const std::string& override_text) {
  return override_text.substr(0, override_text.find('='));
}

bool sets(const Configuration& configuration, const std::string& key) {
  return std::ranges::any_of(configuration, [&](const Setting& setting) {
    return std::ranges::find(setting.overrides, key, key_of) != setting.overrides.end();
  });
}

// `texts`, "key=value", for all runs. They must have an effect in each of them, or, if
// `some_suffice`, in one: grids and lists may give the key another value in the others.
void require_effect(const SweepFile& file, const std::vector<std::string>& texts,
                    const std::string& where, bool some_suffice) {
  for (const std::string& text : texts) {
    const auto varied = std::ranges::count_if(
        file.configurations, [&](const Configuration& each) { return sets(each, key_of(text)); });
    const bool all_vary = static_cast<size_t>(varied) == file.configurations.size();
    require(varied == 0 || (some_suffice && !all_vary), "{}{}: the sweep {} varies '{}' itself",
            where, text, file.name, key_of(text));
  }
}

std::vector<RunPlan> grid_plans(const SweepFile& file, const SweepChanges& changes) {
  require_effect(file, file.set, "set.", true);
  require_effect(file, changes.set, "--set ", false);
  if (!changes.seeds.empty()) require_effect(file, {"seed"}, "--", false);
  std::vector<RunPlan> plans;
  for (const Configuration& configuration : file.configurations) {
    plans.push_back({.name = {},
                     .given = {},
                     .recipe = file.recipe,
                     .presets = file.set,
                     .seeds = {file.seeds.begin(), file.seeds.end()},
                     .configuration = configuration});
  }
  return plans;
}

// Recipes and sweeps that are files are beside the file that names them.
std::string beside(const std::string& file, const std::string& named) {
  if (!is_file_name(file) || !is_file_name(named)) return named;
  return std::filesystem::path(file).parent_path() / named;
}

std::vector<RunPlan> plans_of_sweep(const ListedRun& run, const SweepChanges& changes) {
  const NamedSweepFile file = read_sweep_file(run.sweep);
  require(file.content.listed.empty(), "{}: expected a sweep of grids and lists, found [[run]]",
          file.name);
  require_effect(file.content, run.set, "set.", true);
  std::vector<RunPlan> plans = grid_plans(file.content, changes);
  for (RunPlan& plan : plans) plan.name = run.name.empty() ? file.content.name : run.name;
  return plans;
}

// The name of a recipe is known when it is read.
RunPlan plan_of_recipe(const ListedRun& run) {
  return {.name = run.name,
          .given = run.given,
          .recipe = run.recipe,
          .presets = {},
          .seeds = {},
          .configuration = {}};
}

// In front of a run's own keys, so that these win.
void add_common(RunPlan& plan, const SweepFile& file, const std::vector<std::string>& set) {
  plan.presets.insert(plan.presets.begin(), file.set.begin(), file.set.end());
  plan.presets.insert(plan.presets.end(), set.begin(), set.end());
  if (plan.seeds.empty()) plan.seeds = {file.seeds.begin(), file.seeds.end()};
}

// Of a run whose images are missing; else sets their path.
std::string missing_data(const ListedRun& run, RunPlan& plan) {
  if (run.folder.empty()) return "";
  std::filesystem::path path = data_folder("", run.folder);
  if (path.filename() != run.folder) path /= run.folder;  // $PUMICE_DATA has no folder of that name
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return fmt::format("{}: {}: no such folder of images", run.name.empty() ? run.recipe : run.name,
                       path.string());
  }
  plan.presets.push_back(fmt::format("data.path={}", path.string()));
  return "";
}

// Each plan with each of its seeds.
std::vector<RunPlan> with_seeds(const std::vector<RunPlan>& plans, const SweepChanges& changes) {
  std::vector<RunPlan> all;
  for (const RunPlan& plan : plans) {
    const std::vector<uint64_t>& seeds = changes.seeds.empty() ? plan.seeds : changes.seeds;
    if (seeds.empty()) all.push_back(plan);
    for (uint64_t seed : seeds) {
      const std::string text = fmt::to_string(seed);
      all.emplace_back(plan).configuration.push_back({"seed", text, {"seed=" + text}});
    }
  }
  return all;
}

}  // namespace

NamedSweepFile read_sweep_file(const std::string& name_or_file) {
  const Source source = load_source("sweep", name_or_file, built_in_sweeps());
  NamedSweepFile file{parse_sweep_file(source.text, source.file_name), source.file_name};
  if (!is_file_name(name_or_file)) return file;
  file.content.recipe = beside(name_or_file, file.content.recipe);
  for (ListedRun& run : file.content.listed) {
    run.recipe = beside(name_or_file, run.recipe);
    run.sweep = beside(name_or_file, run.sweep);
  }
  return file;
}

std::vector<RunPlan> plans_of(const SweepFile& file, const SweepChanges& changes,
                              std::vector<std::string>& left_out) {
  std::vector<RunPlan> plans;
  for (const ListedRun& run : file.listed) {
    std::vector<RunPlan> listed =
        run.sweep.empty() ? std::vector{plan_of_recipe(run)} : plans_of_sweep(run, changes);
    for (RunPlan& plan : listed) {
      add_common(plan, file, run.set);
      const std::string missing = missing_data(run, plan);
      missing.empty() ? plans.push_back(plan) : left_out.push_back(missing);
    }
  }
  for (RunPlan& plan : grid_plans(file, changes)) plans.push_back(std::move(plan));
  return with_seeds(plans, changes);
}

}  // namespace pumice
