#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "native/commands/session.h"
#include "native/recipes/built_in_files.h"
#include "native/training/model_recipe.h"
#include "native/views/network_table.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const BuiltInFile& recipe : built_in_recipes()) names.emplace_back(recipe.name);
  return names;
}

json to_json(const Recipe& recipe, const models::Model& model) {
  const models::Description& network = model.description();
  return {{"name", recipe.name},
          {"model", recipe.spec.family().name},
          {"title", recipe.spec.family().title},
          {"image", network.image()},
          {"latent", network.latent_size()},
          {"classes", network.classes()},
          {"data", recipe.data.name},
          {"parameters", model.parameter_count()},
          {"networks", views::networks_to_json(model)}};
}

std::string to_text(const Recipe& recipe, const models::Model& model) {
  return fmt::format("{}: a {} of {} parameters for {}\n\n{}", recipe.name,
                     recipe.spec.family().name, model.parameter_count(), recipe.data.name,
                     views::network_tables(model));
}

void show_models(std::vector<std::string> names, const Session& session) {
  if (names.empty()) names = all_names();
  std::string text;
  json array = json::array();
  for (const std::string& name : names) {
    const Recipe recipe = load_recipe(name);
    const auto model = describe_model(recipe, image_kind(recipe.data)).build();
    text += (text.empty() ? "" : "\n\n\n") + to_text(recipe, *model);
    array.push_back(to_json(recipe, *model));
  }
  session.print(text, {{"models", array}});
}

}  // namespace

void add_models(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "models", "Shows the networks of recipes: their layers, output shapes and parameters.");
  auto names = std::make_shared<std::vector<std::string>>();
  command->add_option("NAME", *names,
                      "Built-in recipes or .toml files; default: all built-in recipes");
  command->add_flag("--json", session.json, "Print JSON");
  command->footer("Example:\n  pumice models gan-mlp-mnist wgan-conv-mnist");
  command->callback([names, &session] { show_models(*names, session); });
}

}  // namespace pumice::commands
