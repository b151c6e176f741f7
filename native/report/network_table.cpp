#include "native/report/network_table.h"

#include "native/report/table.h"

namespace pumice::report {
namespace {

std::string kind(const nn::Layer& layer) {
  return layer.activation == "none" ? layer.type : layer.type + ", " + layer.activation;
}

uint64_t add_rows(Table& table, const std::string& name, const nn::Network& network) {
  uint64_t total = 0;
  for (const nn::Network::Row& row : network.rows()) {
    std::string title = fmt::format("{}.{}", name, &row - network.rows().data());
    table.add({title, kind(row.layer), to_string(row.output), fmt::to_string(row.parameters)});
    total += row.parameters;
  }
  return total;
}

}  // namespace

std::string network_table(const nn::Vae& vae) {
  Table table({"layer", "kind", "output", "parameters"});
  table.add({"pictures", "", to_string(vae.description().picture), ""});
  uint64_t total = add_rows(table, "encoder", vae.encoder());
  table.add({"latents", "normal", to_string(Shape{vae.description().latent_size}), ""});
  total += add_rows(table, "decoder", vae.decoder());
  table.add({"total", "", "", fmt::to_string(total)});
  return table.text();
}

}  // namespace pumice::report
