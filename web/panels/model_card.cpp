#include "web/panels/model_card.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

namespace pumice::web {
namespace {

void cell(const std::string& text) {
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(text.c_str());
}

void rows(const char* name, const nn::Network& network) {
  for (const nn::Network::Row& row : network.rows()) {
    cell(fmt::format("{}.{}", name, &row - network.rows().data()));
    cell(row.layer.activation == "none" ? row.layer.type
                                        : row.layer.type + " " + row.layer.activation);
    cell(to_string(row.output));
    cell(fmt::to_string(row.parameters));
  }
}

void draw_network(const nn::Vae& vae) {
  if (!ImGui::BeginTable("network", 4, ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingFixedFit)) {
    return;
  }
  for (const char* title : {"layer", "kind", "output", "parameters"}) {
    ImGui::TableSetupColumn(title);
  }
  ImGui::TableHeadersRow();
  rows("encoder", vae.encoder());
  rows("decoder", vae.decoder());
  ImGui::EndTable();
}

void draw_curves(const std::vector<io::EpochFigures>& figures) {
  std::vector<float> train, test;
  for (const io::EpochFigures& epoch : figures) {
    train.push_back(static_cast<float>(epoch.train.loss));
    test.push_back(static_cast<float>(epoch.test.loss));
  }
  if (train.size() < 2) return;
  float low = std::min(std::ranges::min(train), std::ranges::min(test));
  float high = std::max(std::ranges::max(train), std::ranges::max(test));
  ImVec2 size(ImGui::GetContentRegionAvail().x, 70);
  int count = static_cast<int>(train.size());
  ImGui::TextDisabled("loss by epoch, %.1f ... %.1f", low, high);
  ImGui::PlotLines("##train", train.data(), count, 0, "train", low, high, size);
  ImGui::PlotLines("##test", test.data(), count, 0, "test", low, high, size);
}

}  // namespace

void draw_model_card(const Model& model) {
  const io::TrainingRecord& training = model.training();
  const nn::VaeDescription& network = model.vae().description();
  ImGui::SeparatorText(model.name().c_str());
  ImGui::TextWrapped("VAE of %s pictures, %u latent numbers, %s parameters",
                     to_string(network.picture).c_str(), network.latent_size,
                     fmt::to_string(model.parameter_count()).c_str());
  ImGui::TextWrapped("seed %s, %u epochs, %u steps", fmt::to_string(training.seed).c_str(),
                     training.epoch, training.step);
  if (!training.figures.empty()) {
    const io::EpochFigures& last = training.figures.back();
    ImGui::TextWrapped("loss %.2f (training), %.2f (test)", last.train.loss, last.test.loss);
  }
  draw_curves(training.figures);
  draw_network(model.vae());
}

}  // namespace pumice::web
