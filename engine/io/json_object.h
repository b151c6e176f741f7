#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pumice::io {

/// JSON with keys in the order of the text. Used for all JSON, because a second type would double
/// the code that the page loads for it.
using Json = nlohmann::ordered_json;

/// Parses JSON. Throws Error, beginning with `where` and naming the place, if the text is not
/// valid. `filter`: see Json::parse.
Json parse_json(std::string_view text, const std::string& where,
                const Json::parser_callback_t& filter = nullptr);

/// Reads the keys of one JSON object strictly. Every message begins with `where` and names the key,
/// what was expected and what was found.
class JsonObject {
 public:
  /// Throws Error if `value`, which must outlive this, is not an object. Its keys are checked by
  /// require_known().
  JsonObject(const Json& value, std::string where);
  /// Throws Error if a key is not among `known`.
  void require_known(std::span<const std::string> known) const;

  bool has(const char* key) const { return value_.contains(key); }
  std::string text(const char* key) const;
  uint32_t whole(const char* key) const;  ///< 1 … 2³²-1
  double number(const char* key) const;
  bool flag(const char* key) const;
  const Json& array(const char* key) const;
  std::vector<uint32_t> wholes(const char* key) const;

  /// Throws Error unless the text is `expected`.
  void require_text(const char* key, std::string_view expected) const;

  [[noreturn]] void refuse(const char* key, std::string_view expected) const;

  /// "where: key".
  std::string name_of(const std::string& key) const { return where_ + ": " + key; }

 private:
  const Json& field(const char* key) const;

  const Json& value_;
  std::string where_;
};

}  // namespace pumice::io
