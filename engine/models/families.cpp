#include <algorithm>
#include <cmath>

#include "engine/base/or_list.h"
#include "engine/base/require.h"
#include "engine/models/classifier/classifier.h"
#include "engine/models/family.h"
#include "engine/models/flow/flow.h"
#include "engine/models/gan/gan.h"
#include "engine/models/vae/vae.h"

namespace pumice::models {
namespace {

constexpr const Family* kFamilies[] = {&kVae, &kGan, &kClassifier, &kFlow};

}  // namespace

std::span<const Family* const> families() { return kFamilies; }

const Family* find_family(std::string_view name) {
  const auto* found = std::ranges::find(kFamilies, name, &Family::name);
  return found == std::end(kFamilies) ? nullptr : *found;
}

std::vector<std::string_view> family_names() {
  std::vector<std::string_view> names;
  for (const Family* family : kFamilies) names.push_back(family->name);
  return names;
}

std::string families_that(bool Family::*can, std::string_view Family::*text) {
  std::vector<std::string> items;
  for (const Family* family : kFamilies) {
    if (family->*can) items.push_back("a " + std::string(family->*text));
  }
  return or_list(items);
}

std::vector<double> default_sampling(const Family& family) {
  std::vector<double> values;
  for (const SamplingOption& option : family.sampling) values.push_back(option.value);
  return values;
}

void require_sampling(const Description& description, std::span<const double> values) {
  const Family& family = description.family();
  require(values.size() == family.sampling.size(), "{}: expects {} sampling options, got {}",
          family.name, family.sampling.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const SamplingOption& option = family.sampling[i];
    const bool fits = values[i] >= option.least && values[i] <= option.most &&
                      (!option.is_whole || std::floor(values[i]) == values[i]);
    require(fits, "{}: expects a {} from {} to {}, got {}", option.name,
            option.is_whole ? "whole number" : "number", option.least, option.most, values[i]);
    const bool applies = !option.is_conditional || description.classes() > 0;
    require(applies || values[i] == option.value,
            "{}: expects a conditional model, got {} for one without classes", option.name,
            values[i]);
  }
}

}  // namespace pumice::models
