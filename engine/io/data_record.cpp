#include "engine/io/data_record.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/io/json_object.h"

namespace pumice::io {

std::string data_record_to_json(const DataRecord& record) {
  return Json{{"train", record.train}, {"test", record.test}, {"digest", record.digest}}.dump();
}

DataRecord data_record_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  const JsonObject object(json, where);
  return {.train = object.whole("train"),
          .test = object.whole("test"),
          .digest = object.text("digest")};
}

std::string class_names_to_json(const std::vector<std::string>& names) {
  return Json(names).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> class_names_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  const bool fits = json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& name) {
                      return name.is_string();
                    });
  require(fits, "{}: expected an array of strings, found {}", where, text);
  return json.get<std::vector<std::string>>();
}

}  // namespace pumice::io
