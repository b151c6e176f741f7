#include "native/sweeps/sweep.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "engine/base/require.h"
#include "native/sweeps/run_plans.h"

namespace pumice {
namespace {

std::string shown_value(const Configuration& configuration, const std::string& key) {
  for (const Setting& setting : configuration) {
    if (setting.key == key) return setting.shown;
  }
  return "";
}

// The keys that distinguish runs, in order of first appearance.
std::vector<std::string> varied_keys(const std::vector<RunPlan>& plans) {
  std::vector<std::string> keys;
  for (const RunPlan& plan : plans) {
    for (const Setting& setting : plan.configuration) {
      const bool differs = std::any_of(plans.begin(), plans.end(), [&](const RunPlan& other) {
        return shown_value(other.configuration, setting.key) != setting.shown;
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

Recipe recipe_of(const RunPlan& plan, const std::string& where, const SweepChanges& changes) {
  std::vector<std::string> overrides;
  for (const Setting& setting : plan.configuration) {
    overrides.insert(overrides.end(), setting.overrides.begin(), setting.overrides.end());
  }
  overrides.insert(overrides.end(), changes.set.begin(), changes.set.end());
  try {
    return load_recipe(plan.recipe, overrides, plan.presets);
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
    if (c == ',' || c == ':') name += '_';
  }
  return fmt::format("{:0{}}-{}", number, fmt::to_string(count).size(), name.substr(0, kLongest));
}

/// Tables, curves and means over seeds know runs by their labels.
void require_different_labels(const Sweep& sweep, const std::string& file_name) {
  std::set<std::string> labels;
  for (const SweepRun& run : sweep.runs) {
    require(labels.insert(run.label()).second,
            "{}: two runs are called '{}': give each [[run]] a name of its own", file_name,
            run.label());
  }
}

void number_runs(Sweep& sweep) {
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    SweepRun& run = sweep.runs[i];
    run.folder = folder_name(i + 1, sweep.runs.size(), run.label());
  }
}

SweepRun run_of(const RunPlan& plan, const std::vector<std::string>& keys, bool is_listed,
                const std::string& file_name, const SweepChanges& changes) {
  SweepRun run;
  for (const std::string& key : keys) {
    run.values.push_back({key, shown_value(plan.configuration, key)});
  }
  run.name = plan.name;
  run.given = plan.given;
  const std::string label =
      plan.name.empty() && text_of(run.values).empty() ? plan.recipe : run.label();
  const bool is_one = !is_listed && text_of(run.values).empty();
  run.recipe =
      recipe_of(plan, is_one ? file_name : fmt::format("{}: {}", file_name, label), changes);
  if (is_listed && run.name.empty()) run.name = run.recipe.name;
  return run;
}

Sweep expand(const SweepFile& file, const std::string& file_name, const SweepChanges& changes) {
  Sweep sweep{.name = file.name, .runs = {}, .study = file.study};
  const std::vector<RunPlan> plans = plans_of(file, changes, sweep.left_out);
  require(!plans.empty(), "{}: no run has its data: {}", file_name,
          fmt::join(sweep.left_out, "; "));
  const std::vector<std::string> keys = varied_keys(plans);
  for (const RunPlan& plan : plans) {
    SweepRun run = run_of(plan, keys, !file.listed.empty(), file_name, changes);
    const bool is_new =
        std::none_of(sweep.runs.begin(), sweep.runs.end(), [&](const SweepRun& other) {
          return other.recipe == run.recipe && other.name == run.name;
        });
    if (is_new) sweep.runs.push_back(std::move(run));
  }
  require_different_labels(sweep, file_name);
  number_runs(sweep);
  return sweep;
}

}  // namespace

std::string SweepRun::label() const {
  const std::string text = text_of(values);
  if (name.empty()) return text.empty() ? recipe.name : text;
  return text.empty() ? name : name + ": " + text;
}

Sweep parse_sweep(std::string_view text, const std::string& file_name,
                  const SweepChanges& changes) {
  return expand(parse_sweep_file(text, file_name), file_name, changes);
}

Sweep load_sweep(const std::string& name_or_file, const SweepChanges& changes) {
  const NamedSweepFile file = read_sweep_file(name_or_file);
  return expand(file.content, file.name, changes);
}

}  // namespace pumice
