#include "native/sweeps/study_file.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "native/recipes/reader.h"

namespace pumice {
namespace {

ListedRun read_run(const TomlFile& file, const toml::table& table,
                   const std::string& default_recipe) {
  const KeyOrigin origin(file.name());
  RecipeReader reader(table, origin, "run.");
  ListedRun run;
  if (table.contains("name")) reader.identifier("name", run.name);
  reader.text("recipe", run.recipe);
  reader.text("sweep", run.sweep);
  reader.text("folder", run.folder);
  reader.text("given", run.given);
  reader.ignore("set");
  reader.ignore("name");
  reader.finish();
  if (!run.recipe.empty() && !run.sweep.empty()) {
    file.fail_at(table, "expected a recipe or a sweep, got both");
  }
  if (run.recipe.empty() && run.sweep.empty()) run.recipe = default_recipe;
  if (run.recipe.empty() && run.sweep.empty()) {
    file.fail_at(table, "key 'run.recipe' is missing: expected a recipe's name or file");
  }
  if (const toml::table* set = TomlFile(table, file.name()).table_at("set")) {
    run.set = override_texts(*set);
  }
  return run;
}

StudyEvaluation read_evaluation(const TomlFile& file) {
  StudyEvaluation evaluation;
  const toml::table* table = file.table_at("evaluate");
  if (table == nullptr) return evaluation;
  const KeyOrigin origin(file.name());
  RecipeReader reader(*table, origin, "evaluate.");
  evaluation.wanted = true;
  reader.whole("samples", evaluation.samples, uint32_t{2});
  reader.whole("repeats", evaluation.repeats, uint32_t{1});
  reader.text("extractor", evaluation.extractor);
  reader.whole("neighbours", evaluation.neighbours, uint32_t{0});
  reader.whole("likelihood_images", evaluation.likelihood_images, uint32_t{0});
  reader.whole("likelihood_samples", evaluation.likelihood_samples, uint32_t{1});
  reader.finish();
  return evaluation;
}

void check_shows(const TomlFile& file, const std::vector<std::string>& shows) {
  const auto& names = image_names();
  for (const std::string& name : shows) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    file.fail_at(*file.root().get("shows"), "key 'shows': there is no '{}', only {}", name,
                 fmt::join(names, ", "));
  }
}

}  // namespace

const std::vector<std::string_view>& image_names() {
  static const std::vector<std::string_view> names{"samples",  "reconstructions", "interpolation",
                                                   "manifold", "latents",         "passes"};
  return names;
}

std::vector<ListedRun> read_listed_runs(const TomlFile& file, const std::string& default_recipe) {
  std::vector<ListedRun> runs;
  for (const toml::table* block : file.blocks_at("run")) {
    runs.push_back(read_run(file, *block, default_recipe));
  }
  return runs;
}

Study read_study(const TomlFile& file) {
  Study study;
  if (const toml::node* source = file.root().get("source")) {
    const auto text = source->value_exact<std::string>();
    if (!text) file.fail_at(*source, "key 'source': expected a text");
    study.source = *text;
  }
  study.gives = file.texts_at("gives");
  study.concludes = file.texts_at("concludes");
  if (file.root().contains("shows")) study.shows = file.texts_at("shows");
  check_shows(file, study.shows);
  study.evaluation = read_evaluation(file);
  return study;
}

}  // namespace pumice
