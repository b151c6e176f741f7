#include "native/report/network_table.h"

#include <nlohmann/json.hpp>

#include "native/report/table.h"

namespace pumice::report {
namespace {

using nlohmann::json;

std::string kind(const nn::Layer& layer) {
  std::string text = layer.type;
  if (layer.kernel > 0) text += fmt::format(" k{}", layer.kernel);
  if (layer.size > 0) text += fmt::format(" k{}", layer.size);
  if (layer.stride > 1) text += fmt::format(" s{}", layer.stride);
  if (layer.type == "dropout") text += fmt::format(" {}", layer.rate);
  if (layer.sequence) text += ", sequence";
  if (layer.activation != "none") text += ", " + layer.activation;
  return text;
}

std::string name_of(const nn::Network& network, const nn::Network::Row& row) {
  return fmt::format("{}.{}", network.name(), &row - network.rows().data());
}

std::string table_of(const nn::Network& network) {
  Table table({"layer", "kind", "output", "parameters"});
  table.add({network.name(), "input", to_string(network.input()), ""});
  for (const nn::Network::Row& row : network.rows()) {
    table.add({name_of(network, row), kind(row.layer), to_string(row.output),
               fmt::to_string(row.parameters)});
  }
  table.add({"total", "", "", fmt::to_string(network.parameter_count())});
  return table.text();
}

}  // namespace

std::string network_tables(const nn::Model& model) {
  std::string text;
  for (const nn::Network* network : model.networks()) {
    text += (text.empty() ? "" : "\n\n") + table_of(*network);
  }
  return text;
}

json networks_to_json(const nn::Model& model) {
  json networks = json::array();
  for (const nn::Network* network : model.networks()) {
    json layers = json::array();
    for (const nn::Network::Row& row : network->rows()) {
      layers.push_back({{"name", name_of(*network, row)},
                        {"kind", kind(row.layer)},
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

}  // namespace pumice::report
