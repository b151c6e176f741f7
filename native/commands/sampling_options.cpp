#include "native/commands/sampling_options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "engine/base/require.h"

namespace pumice::commands {
namespace {

void add_option(CLI::App& command, const models::Family& family,
                const models::SamplingOption& option, SamplingValues& values) {
  const std::string name(option.name);
  const std::string flag = "--" + name;
  if (command.get_option_no_throw(flag) != nullptr) return;
  command
      .add_option_function<double>(
          flag, [name, &values](const double& value) { values[name] = value; },
          fmt::format("Of a {}: {}; default: {}", family.name, option.help, option.value))
      ->type_name(option.is_whole ? "UINT" : "FLOAT");
}

}  // namespace

void add_sampling_options(CLI::App& command, SamplingValues& values) {
  for (const models::Family* family : models::families()) {
    for (const models::SamplingOption& option : family->sampling) {
      add_option(command, *family, option, values);
    }
  }
}

void apply_sampling(const SamplingValues& values, ModelOnDevice& model) {
  const models::Family& family = model.description().family();
  std::vector<double> all = models::default_sampling(family);
  for (const auto& [name, value] : values) {
    const auto found = std::ranges::find(family.sampling, name, &models::SamplingOption::name);
    require(found != family.sampling.end(), "--{}: a {} has no such option", name, family.name);
    all[static_cast<size_t>(found - family.sampling.begin())] = value;
  }
  model.inference().set_sampling(std::move(all));
}

}  // namespace pumice::commands
