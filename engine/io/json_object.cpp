#include "engine/io/json_object.h"

#include <algorithm>
#include <limits>

#include "engine/base/require.h"

namespace pumice::io {
namespace {

bool is_whole(const Json& value) {
  return value.is_number_unsigned() && value.get<uint64_t>() >= 1 &&
         value.get<uint64_t>() <= std::numeric_limits<uint32_t>::max();
}

/// What is there instead of JSON; `byte` counts from 1.
std::string found_at(std::string_view text, size_t byte) {
  if (byte == 0 || byte > text.size()) return "its end";
  const char found = text[byte - 1];
  const bool is_printable = found > ' ' && found <= '~';
  return is_printable ? fmt::format("'{}'", found)
                      : fmt::format("0x{:02x}", static_cast<uint8_t>(found));
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where,
                const Json::parser_callback_t& filter) {
  try {
    return Json::parse(text, filter);
  } catch (const Json::parse_error& error) {
    // The library's own words are about its grammar.
    fail("{}: expected JSON, found {} at byte {} of {}", where, found_at(text, error.byte),
         std::min<size_t>(error.byte, text.size()), text.size());
  } catch (const Json::exception&) {
    fail("{}: expected JSON, found a number out of range", where);
  }
}

JsonObject::JsonObject(const Json& value, std::string where)
    : value_(value), where_(std::move(where)) {
  require(value.is_object(), "{}: expected an object, found {}", where_, value.type_name());
}

void JsonObject::require_known(std::span<const std::string> known) const {
  for (const auto& [key, ignored] : value_.items()) {
    require(std::find(known.begin(), known.end(), key) != known.end(), "{}: unknown key '{}'",
            where_, key);
  }
}

const Json& JsonObject::field(const char* key) const {
  auto found = value_.find(key);
  require(found != value_.end(), "{}: has no '{}'", where_, key);
  return *found;
}

void JsonObject::refuse(const char* key, std::string_view expected) const {
  fail("{}: {}: expected {}, found {}", where_, key, expected, field(key).dump());
}

std::string JsonObject::text(const char* key) const {
  if (!field(key).is_string()) refuse(key, "a string");
  return field(key).get<std::string>();
}

uint32_t JsonObject::whole(const char* key) const {
  if (!is_whole(field(key))) refuse(key, "a whole number >= 1");
  return field(key).get<uint32_t>();
}

double JsonObject::number(const char* key) const {
  if (!field(key).is_number()) refuse(key, "a number");
  return field(key).get<double>();
}

bool JsonObject::flag(const char* key) const {
  if (!field(key).is_boolean()) refuse(key, "true or false");
  return field(key).get<bool>();
}

const Json& JsonObject::array(const char* key) const {
  if (!field(key).is_array()) refuse(key, "an array");
  return field(key);
}

std::vector<uint32_t> JsonObject::wholes(const char* key) const {
  const Json& values = array(key);
  if (!std::all_of(values.begin(), values.end(), is_whole)) refuse(key, "whole numbers >= 1");
  return values.get<std::vector<uint32_t>>();
}

void JsonObject::require_text(const char* key, std::string_view expected) const {
  if (text(key) != expected) refuse(key, fmt::format("\"{}\"", expected));
}

}  // namespace pumice::io
