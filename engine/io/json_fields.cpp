#include "engine/io/json_fields.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/require.h"
#include "engine/io/layer_json.h"

namespace pumice::io {

void JsonWriter::layers(const std::string& key, std::vector<nn::Layer>& value) {
  object_[key] = layers_to_json(value);
}

void JsonReader::choice(const std::string& key, std::string& value, Choices choices) {
  const bool optional = has_defaults_ && !value.empty();
  if (!reads(key, optional) && optional) return;
  value = object_.text(key.c_str());  // throws if it is missing: other keys depend on it
  const bool valid = std::ranges::find(choices, value) != choices.end();
  if (!valid) object_.refuse(key.c_str(), fmt::format("one of {}", fmt::join(choices, ", ")));
}

void JsonReader::whole(const std::string& key, uint32_t& value, uint32_t at_least) {
  const bool optional = at_least == 0 || (has_defaults_ && value > 0);
  if (reads(key, optional)) value = object_.whole(key.c_str());
}

void JsonReader::number(const std::string& key, double& value, const nn::Bounds& bounds) {
  if (!reads(key, has_defaults_)) return;
  value = object_.number(key.c_str());
  if (!bounds.hold(value)) object_.refuse(key.c_str(), bounds.expected);
}

void JsonReader::flag(const std::string& key, bool& value) {
  if (reads(key, has_defaults_)) value = object_.flag(key.c_str());
}

void JsonReader::wholes(const std::string& key, std::vector<uint32_t>& value) {
  if (reads(key, false)) value = object_.wholes(key.c_str());
}

void JsonReader::layers(const std::string& key, std::vector<nn::Layer>& value) {
  if (!reads(key, false)) return;
  value = layers_from_json(object_.array(key.c_str()), object_.name_of(key));
}

bool JsonReader::reads(const std::string& key, bool optional) {
  known_.push_back(key);
  const bool is_there = object_.has(key.c_str());
  if (!is_there && !optional && missing_.empty()) missing_ = key;
  return is_there;
}

void JsonReader::finish() const {
  object_.require_known(known_);
  require(missing_.empty(), "{}: has no '{}'", where_, missing_);
}

}  // namespace pumice::io
