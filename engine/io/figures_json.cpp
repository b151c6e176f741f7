#include "engine/io/figures_json.h"

#include "engine/base/require.h"
#include "engine/io/json_object.h"

namespace pumice::io {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const nn::VaeFigures& figures) {
  return {{"loss", figures.loss}, {"reconstruction", figures.reconstruction}, {"kl", figures.kl}};
}

nn::VaeFigures read_figures(const JsonObject& epoch, const char* key) {
  JsonObject object(epoch.object(key), epoch.name_of(key), {"loss", "reconstruction", "kl"});
  return {.loss = object.number("loss"),
          .reconstruction = object.number("reconstruction"),
          .kl = object.number("kl")};
}

}  // namespace

std::string figures_to_json(const std::vector<EpochFigures>& figures) {
  ordered_json array = ordered_json::array();
  for (const EpochFigures& row : figures) {
    array.push_back(
        {{"epoch", row.epoch}, {"train", to_json(row.train)}, {"test", to_json(row.test)}});
  }
  return array.dump();
}

std::vector<EpochFigures> figures_from_json(std::string_view text, const std::string& where) {
  nlohmann::json json = parse_json(text, where);
  require(json.is_array(), "{}: expected an array, found {}", where, json.type_name());
  std::vector<EpochFigures> figures;
  for (const nlohmann::json& row : json) {
    JsonObject object(row, fmt::format("{}[{}]", where, figures.size()),
                      {"epoch", "train", "test"});
    figures.push_back({.epoch = object.whole("epoch"),
                       .train = read_figures(object, "train"),
                       .test = read_figures(object, "test")});
  }
  return figures;
}

}  // namespace pumice::io
