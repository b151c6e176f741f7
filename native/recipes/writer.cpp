#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/require.h"
#include "native/recipes/fields.h"

namespace pumice {
namespace {

using nlohmann::json;

/// Collects the keys as nested JSON objects.
class JsonWriter : public Fields {
 public:
  void identifier(const std::string& key, std::string& value) override { put(key, value); }
  void text(const std::string& key, std::string& value) override { put(key, value); }
  void color(const std::string& key, std::string& value) override { put(key, value); }
  void choice(const std::string& key, std::string& value, Choices) override { put(key, value); }
  void whole(const std::string& key, uint32_t& value, uint32_t) override { put(key, value); }
  void whole(const std::string& key, uint64_t& value, uint64_t) override { put(key, value); }
  void number(const std::string& key, double& value, const Bounds&) override { put(key, value); }
  void flag(const std::string& key, bool& value) override { put(key, value); }
  void wholes(const std::string& key, std::vector<uint32_t>& value) override { put(key, value); }
  void layers(const std::string& key, std::vector<Layer>& value) override {
    put(key, to_json(value));
  }

  json take() { return std::move(root_); }

 private:
  void put(const std::string& key, json value) {
    size_t dot = key.find('.');
    json& table = dot == key.npos ? root_ : root_[key.substr(0, dot)];
    table[dot == key.npos ? key : key.substr(dot + 1)] = std::move(value);
  }

  json root_ = json::object();
};

/// Writes the keys as lines of TOML, or as one inline table. JSON's strings are TOML's.
class TomlWriter : public Fields {
 public:
  explicit TomlWriter(bool is_inline) : inline_(is_inline) {}

  void identifier(const std::string& key, std::string& value) override { put(key, quoted(value)); }
  void text(const std::string& key, std::string& value) override { put(key, quoted(value)); }
  void color(const std::string& key, std::string& value) override { put(key, quoted(value)); }
  void choice(const std::string& key, std::string& value, Choices) override {
    put(key, quoted(value));
  }
  void whole(const std::string& key, uint32_t& value, uint32_t) override {
    put(key, fmt::to_string(value));
  }
  void whole(const std::string& key, uint64_t& value, uint64_t) override {
    put(key, fmt::to_string(value));
  }
  // fmt writes the shortest text that parses to the same number.
  void number(const std::string& key, double& value, const Bounds&) override {
    put(key, fmt::to_string(value));
  }
  void flag(const std::string& key, bool& value) override { put(key, value ? "true" : "false"); }
  void wholes(const std::string& key, std::vector<uint32_t>& value) override {
    put(key, json(value).dump());
  }
  void layers(const std::string& key, std::vector<Layer>& value) override;

  std::string take() { return std::move(text_); }

 private:
  static std::string quoted(const std::string& value) { return json(value).dump(); }

  void put(const std::string& key, const std::string& value) {
    if (inline_) {
      text_ += fmt::format("{}{} = {}", text_.empty() ? "" : ", ", key, value);
      return;
    }
    size_t dot = key.find('.');
    std::string table = dot == key.npos ? "" : key.substr(0, dot);
    if (table != table_) text_ += fmt::format("\n[{}]\n", table);
    table_ = table;
    text_ += fmt::format("{} = {}\n", dot == key.npos ? key : key.substr(dot + 1), value);
  }

  bool inline_;
  std::string text_;
  std::string table_;
};

void TomlWriter::layers(const std::string& key, std::vector<Layer>& value) {
  // TOML's inline tables must be on one line.
  const char* before = inline_ ? "" : "  ";
  const char* after = inline_ ? " " : "\n";
  std::string lines;
  for (Layer& layer : value) {
    TomlWriter writer(true);
    nn::describe(writer, layer);
    lines += fmt::format("{}{{ {} }},{}", before, writer.take(), after);
  }
  put(key, fmt::format("[{}{}]", inline_ ? " " : "\n", lines));
}

}  // namespace

std::string to_toml(const Recipe& recipe) {
  Recipe copy = recipe;
  TomlWriter writer(false);
  describe(writer, copy);
  return writer.take();
}

json to_json(const Recipe& recipe) {
  Recipe copy = recipe;
  JsonWriter writer;
  describe(writer, copy);
  return writer.take();
}

json to_json(std::span<const Layer> layers) {
  json array = json::array();
  for (Layer layer : layers) {
    JsonWriter writer;
    nn::describe(writer, layer);
    array.push_back(writer.take());
  }
  return array;
}

}  // namespace pumice
