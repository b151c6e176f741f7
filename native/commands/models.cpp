#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "native/commands/models_memory.h"
#include "native/commands/open_model.h"
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

struct ModelsOptions {
  MemoryOptions memory;
  bool shows_memory = false;
};

void show_networks(const std::vector<std::string>& names, const Session& session) {
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

void show_models(ModelsOptions options, Session& session) {
  if (options.memory.recipes.empty()) options.memory.recipes = all_names();
  if (options.shows_memory) return show_memory(options.memory, session);
  show_networks(options.memory.recipes, session);
}

}  // namespace

void add_models(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "models", "Shows the networks of recipes: their layers, output shapes and parameters.");
  auto options = std::make_shared<ModelsOptions>();
  command->add_option("NAME", options->memory.recipes,
                      "Built-in recipes or .toml files; default: all built-in recipes");
  CLI::Option* memory =
      command->add_flag("--memory", options->shows_memory,
                        "Show the device memory that training needs instead; nothing is allocated");
  command->add_option("--batch", options->memory.batch, "With this batch size")
      ->check(CLI::Range(1u, 1u << 20))
      ->needs(memory);
  add_data_option(*command, options->memory.data);
  command->get_option("--data")->needs(memory);
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice models gan-mlp-mnist wgan-conv-mnist\n"
      "  pumice models --memory dcgan-cifar10 --batch 64");
  command->callback([options, &session] { show_models(*options, session); });
}

}  // namespace pumice::commands
