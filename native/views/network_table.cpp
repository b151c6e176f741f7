#include "native/views/network_table.h"

#include <nlohmann/json.hpp>

#include "engine/base/table.h"

namespace pumice::views {
namespace {

using nlohmann::json;

std::string name_of(const nn::Network& network, const nn::Network::Row& row) {
  return fmt::format("{}.{}", network.name(), &row - network.rows().data());
}

std::string table_of(const nn::Network& network) {
  Table table({"layer", "kind", "output", "parameters"});
  table.add({network.name(), "input", to_string(network.input()), ""});
  for (const nn::Network::Row& row : network.rows()) {
    table.add({name_of(network, row), row.layer.summary(), to_string(row.output),
               fmt::to_string(row.parameters)});
  }
  table.add({"total", "", "", fmt::to_string(network.parameter_count())});
  return table.text();
}

}  // namespace

std::string network_tables(const models::Model& model) {
  std::string text;
  for (const nn::Network* network : model.networks()) {
    text += (text.empty() ? "" : "\n\n") + table_of(*network);
  }
  return text;
}

json networks_to_json(const models::Model& model) {
  json networks = json::array();
  for (const nn::Network* network : model.networks()) {
    json layers = json::array();
    for (const nn::Network::Row& row : network->rows()) {
      layers.push_back({{"name", name_of(*network, row)},
                        {"kind", row.layer.summary()},
                        {"output", row.output.extents()},
                        {"parameters", row.parameters}});
    }
    networks.push_back({{"name", network->name()},
                        {"input", network->input().extents()},
                        {"output", network->output().extents()},
                        {"parameters", network->parameter_count()},
                        {"layers", std::move(layers)}});
  }
  return networks;
}

}  // namespace pumice::views
