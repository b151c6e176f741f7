#include "native/sweeps/sweep.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "engine/base/require.h"
#include "native/recipes/source.h"
#include "native/sweeps/sweep_file.h"

namespace pumice {
namespace {

std::string key_of(const std::string& override_text) {
  return override_text.substr(0, override_text.find('='));
}

// Otherwise all runs would be the same under different names.
void refuse_varied_keys(const SweepFile& file, const SweepChanges& changes) {
  for (const Configuration& configuration : file.configurations) {
    for (const Setting& setting : configuration) {
      for (const std::string& text : setting.overrides) {
        for (const std::string& changed : changes.set) {
          require(key_of(text) != key_of(changed), "--set {}: the sweep {} varies '{}' itself",
                  changed, file.name, key_of(changed));
        }
        require(changes.seeds.empty() || key_of(text) != "seed",
                "--seed: the sweep {} varies 'seed' itself", file.name);
      }
    }
  }
}

// Adds each seed to each configuration.
std::vector<Configuration> with_seeds(const SweepFile& file, const SweepChanges& changes) {
  std::vector<uint64_t> seeds{file.seeds.begin(), file.seeds.end()};
  if (!changes.seeds.empty()) seeds = changes.seeds;
  if (seeds.empty()) return file.configurations;
  std::vector<Configuration> all;
  for (const Configuration& configuration : file.configurations) {
    for (uint64_t seed : seeds) {
      const std::string text = fmt::to_string(seed);
      all.emplace_back(configuration).push_back({"seed", text, {"seed=" + text}});
    }
  }
  return all;
}

std::string shown_value(const Configuration& configuration, const std::string& key) {
  for (const Setting& setting : configuration) {
    if (setting.key == key) return setting.shown;
  }
  return "";
}

// The keys that distinguish runs, in order of first appearance.
std::vector<std::string> varied_keys(const std::vector<Configuration>& configurations) {
  std::vector<std::string> keys;
  for (const Configuration& configuration : configurations) {
    for (const Setting& setting : configuration) {
      const bool differs = std::any_of(configurations.begin(), configurations.end(),
                                       [&](const Configuration& other) {
                                         return shown_value(other, setting.key) != setting.shown;
                                       });
      const bool known = std::find(keys.begin(), keys.end(), setting.key) != keys.end();
      if (differs && !known) keys.push_back(setting.key);
    }
  }
  return keys;
}

std::string text_of(const std::vector<SweepValue>& values) {
  std::vector<std::string> texts;
  for (const SweepValue& value : values) {
    if (!value.shown.empty()) texts.push_back(value.key + "=" + value.shown);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

Recipe recipe_of(const SweepFile& file, const Configuration& configuration,
                 const std::string& where, const SweepChanges& changes) {
  std::vector<std::string> overrides;
  for (const Setting& setting : configuration) {
    overrides.insert(overrides.end(), setting.overrides.begin(), setting.overrides.end());
  }
  overrides.insert(overrides.end(), changes.set.begin(), changes.set.end());
  try {
    return load_recipe(file.recipe, overrides, file.set);
  } catch (const Error& error) {
    fail("{}: {}", where, error.what());
  }
}

// Safe in every file system and URL.
std::string folder_name(size_t number, size_t count, const std::string& label) {
  constexpr size_t kLongest = 60;
  std::string name;
  for (char c : label) {
    const bool is_plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    if (is_plain) name += c;
    if (c == '=') name += '-';
    if (c == ',') name += '_';
  }
  return fmt::format("{:0{}}-{}", number, fmt::to_string(count).size(), name.substr(0, kLongest));
}

void number_runs(Sweep& sweep) {
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    SweepRun& run = sweep.runs[i];
    run.folder = folder_name(i + 1, sweep.runs.size(), run.label());
  }
}

Sweep expand(const SweepFile& file, const std::string& file_name, const SweepChanges& changes) {
  refuse_varied_keys(file, changes);
  const std::vector<Configuration> configurations = with_seeds(file, changes);
  const std::vector<std::string> keys = varied_keys(configurations);
  Sweep sweep{.name = file.name, .runs = {}};
  for (const Configuration& configuration : configurations) {
    SweepRun run;
    for (const std::string& key : keys) {
      run.values.push_back({key, shown_value(configuration, key)});
    }
    const std::string values = text_of(run.values);
    run.recipe =
        recipe_of(file, configuration,
                  values.empty() ? file_name : fmt::format("{}: {}", file_name, values), changes);
    const bool is_new =
        std::none_of(sweep.runs.begin(), sweep.runs.end(),
                     [&](const SweepRun& other) { return other.recipe == run.recipe; });
    if (is_new) sweep.runs.push_back(std::move(run));
  }
  number_runs(sweep);
  return sweep;
}

}  // namespace

std::string SweepRun::label() const {
  const std::string text = text_of(values);
  return text.empty() ? recipe.name : text;
}

Sweep parse_sweep(std::string_view text, const std::string& file_name,
                  const SweepChanges& changes) {
  return expand(parse_sweep_file(text, file_name), file_name, changes);
}

Sweep load_sweep(const std::string& name_or_file, const SweepChanges& changes) {
  const Source source = load_source("sweep", name_or_file, built_in_sweeps());
  SweepFile file = parse_sweep_file(source.text, source.file_name);
  if (is_file_name(name_or_file) && is_file_name(file.recipe)) {
    file.recipe = std::filesystem::path(source.file_name).parent_path() / file.recipe;
  }
  return expand(file, source.file_name, changes);
}

}  // namespace pumice
