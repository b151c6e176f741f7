#include "engine/io/tuning_json.h"

#include "engine/base/require.h"
#include "engine/io/json_object.h"

namespace pumice::io {
namespace {

bool is_choice(const Json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_string() &&
         value[1].is_number_unsigned() && value[1] >= 1u && value[1] <= UINT32_MAX;
}

}  // namespace

std::string choices_to_json(const hal::Tuning::Choices& choices) {
  Json json = Json::object();
  for (const auto& [key, choice] : choices) {
    json[key] = Json::array({choice.variant, choice.parts});
  }
  return json.dump();
}

hal::Tuning::Choices choices_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  require(json.is_object(), "{}: expected an object, found {}", where, json.type_name());
  hal::Tuning::Choices choices;
  for (const auto& [key, value] : json.items()) {
    require(is_choice(value), "{}: {}: expected a kernel and a number of parts, found {}", where,
            key, value.dump());
    choices[key] = {.variant = value[0], .parts = value[1]};
  }
  return choices;
}

}  // namespace pumice::io
