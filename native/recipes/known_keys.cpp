#include "native/recipes/known_keys.h"

#include "native/recipes/fields.h"

namespace pumice {
namespace {

/// Notes the keys, and reads only the choices, on which other keys depend.
class KeyCollector : public Fields {
 public:
  explicit KeyCollector(const toml::table& recipe) : recipe_(recipe) {}

  bool reads() const override { return true; }
  void identifier(const std::string& key, std::string&) override { keys_.insert(key); }
  void text(const std::string& key, std::string&) override { keys_.insert(key); }
  void color(const std::string& key, std::string&) override { keys_.insert(key); }
  void choice(const std::string& key, std::string& value, Choices) override {
    keys_.insert(key);
    value = recipe_.at_path(key).value_exact<std::string>().value_or(value);
  }
  void whole(const std::string& key, uint32_t&, uint32_t) override { keys_.insert(key); }
  void whole(const std::string& key, uint64_t&, uint64_t) override { keys_.insert(key); }
  void number(const std::string& key, double&, const Bounds&) override { keys_.insert(key); }
  void flag(const std::string& key, bool&) override { keys_.insert(key); }
  void wholes(const std::string& key, std::vector<uint32_t>&) override { keys_.insert(key); }
  void layers(const std::string& key, std::vector<Layer>&) override { keys_.insert(key); }

  std::set<std::string> take() { return std::move(keys_); }

 private:
  const toml::table& recipe_;
  std::set<std::string> keys_;
};

}  // namespace

std::set<std::string> known_keys(const toml::table& recipe) {
  Recipe scratch;
  KeyCollector collector(recipe);
  describe(collector, scratch);
  return collector.take();
}

}  // namespace pumice
