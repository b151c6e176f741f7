#pragma once

#include <string>
#include <vector>

#include "engine/io/json_object.h"
#include "engine/nn/layer.h"

namespace pumice::io {

/// Writes keys to a JSON object. Omits zeros of integers that may be 0.
class JsonWriter : public nn::LayerFields {
 public:
  /// Adds to `object`.
  explicit JsonWriter(Json object = Json::object()) : object_(std::move(object)) {}

  void choice(const std::string& key, std::string& value, Choices) override {
    object_[key] = value;
  }
  void whole(const std::string& key, uint32_t& value, uint32_t at_least) override {
    if (value > 0 || at_least > 0) object_[key] = value;
  }
  void number(const std::string& key, double& value, const nn::Bounds&) override {
    object_[key] = value;
  }
  void flag(const std::string& key, bool& value) override { object_[key] = value; }
  void wholes(const std::string& key, std::vector<uint32_t>& value) override {
    object_[key] = value;
  }
  void layers(const std::string& key, std::vector<nn::Layer>& value) override;

  Json take() { return std::move(object_); }

 private:
  Json object_;
};

/// Reads the keys of a JSON object. Every message begins with `where` and names the key.
class JsonReader : public nn::LayerFields {
 public:
  /// Whether keys that have a default may be absent. (Integers that may be 0 always may.)
  enum class Defaults : uint8_t { kAllowed, kRefused };

  /// Throws Error if `value`, which must outlive this, is not an object.
  JsonReader(const Json& value, std::string where, Defaults defaults)
      : object_(value, where),
        where_(std::move(where)),
        has_defaults_(defaults == Defaults::kAllowed) {}

  bool reads_checkpoint() const override { return true; }
  void choice(const std::string& key, std::string& value, Choices choices) override;
  void whole(const std::string& key, uint32_t& value, uint32_t at_least) override;
  void number(const std::string& key, double& value, const nn::Bounds& bounds) override;
  void flag(const std::string& key, bool& value) override;
  void wholes(const std::string& key, std::vector<uint32_t>& value) override;
  void layers(const std::string& key, std::vector<nn::Layer>& value) override;

  /// Accepts a key that is read elsewhere.
  void ignore(const std::string& key) { known_.push_back(key); }
  /// Throws Error if there is a key that was not requested, or otherwise if one is missing. (A
  /// mistyped key causes both.)
  void finish() const;

 private:
  /// Whether the key is present.
  bool reads(const std::string& key, bool optional);

  JsonObject object_;
  std::string where_;
  bool has_defaults_;
  std::vector<std::string> known_;
  std::string missing_;  ///< the first missing key
};

}  // namespace pumice::io
