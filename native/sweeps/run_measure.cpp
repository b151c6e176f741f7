#include "native/sweeps/run_measure.h"

#include <nlohmann/json.hpp>

namespace pumice {

std::string loss_measure(const Recipe& recipe) {
  std::string text(recipe.spec.family().name);
  const nlohmann::json keys = to_json(recipe);
  const nlohmann::json loss = keys.value("loss", nlohmann::json::object());
  for (const char* key : {"kind", "reconstruction"}) {
    if (loss.contains(key)) text += " " + loss[key].get<std::string>();
  }
  return text;
}

}  // namespace pumice
