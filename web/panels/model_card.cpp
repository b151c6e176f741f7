#include "web/panels/model_card.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "engine/base/count_of.h"
#include "engine/models/family.h"
#include "web/drawing/layout.h"
#include "web/drawing/table.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"

namespace pumice::web {
namespace {

// 402, 12.3 k, 1.2 M
std::string rounded(uint64_t count) {
  const auto number = static_cast<double>(count);
  if (count >= 1'000'000) return fmt::format("{:.1f} M", number / 1e6);
  if (count >= 10'000) return fmt::format("{:.0f} k", number / 1e3);
  return fmt::to_string(count);
}

void draw_networks(const models::Model& model) {
  Rows rows{{"layer", "type", "output", "parameters"}};
  for (const nn::Network* network : model.networks()) {
    for (const nn::Network::Row& row : network->rows()) {
      rows.push_back({fmt::format("{}.{}", network->name(), &row - network->rows().data()),
                      row.layer.summary(), to_string(row.output), fmt::to_string(row.parameters)});
    }
  }
  draw_table("network", rows, true);
}

/// A line that wraps between metrics, not within one as wrapped text does.
void draw_metrics(const char* title, const Metrics& metrics) {
  ImGui::Text("%s:", title);
  for (const Metric& metric : metrics) {
    const std::string text = fmt::format("{} {:.4g}{}", metric.name, metric.value,
                                         &metric == &metrics.back() ? "" : ",");
    flow(ImGui::CalcTextSize(text.c_str()).x);
    ImGui::TextUnformatted(text.c_str());
  }
}

/// The first metric, a loss, by epoch.
struct Curves {
  std::vector<float> train, test;
  float low = 0, high = 0;
};

Curves curves_of(const std::vector<io::EpochMetrics>& metrics) {
  Curves curves;
  for (const io::EpochMetrics& epoch : metrics) {
    curves.train.push_back(static_cast<float>(epoch.train.front().value));
    curves.test.push_back(static_cast<float>(epoch.test.front().value));
  }
  curves.low = std::min(std::ranges::min(curves.train), std::ranges::min(curves.test));
  curves.high = std::max(std::ranges::max(curves.train), std::ranges::max(curves.test));
  return curves;
}

void draw_line(const std::vector<float>& values, const Curves& curves, ImVec2 corner, ImVec2 size,
               ImU32 color) {
  std::vector<ImVec2> points;
  for (size_t i = 0; i < values.size(); ++i) {
    float x = static_cast<float>(i) / static_cast<float>(values.size() - 1);
    float y = (curves.high - values[i]) / std::max(curves.high - curves.low, 1e-6f);
    points.emplace_back(corner.x + x * size.x, corner.y + y * size.y);
  }
  ImGui::GetWindowDrawList()->AddPolyline(points.data(), static_cast<int>(points.size()), color, 0,
                                          2);
}

void draw_curves(const std::vector<io::EpochMetrics>& metrics) {
  if (metrics.size() < 2 || metrics[0].train.empty() || metrics[0].test.empty()) return;
  constexpr float kMargin = 4;
  const Curves curves = curves_of(metrics);
  ImGui::TextDisabled("%s by epoch", metrics[0].train.front().name.c_str());
  for (int i = 0; i < 2; ++i) {
    ImGui::SameLine();
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(curve_color(i)), i == 0 ? "train" : "test");
  }
  ImVec2 corner = ImGui::GetCursorScreenPos();
  ImVec2 size(ImGui::GetContentRegionAvail().x, 90);
  ImGui::Dummy(size);
  ImGui::GetWindowDrawList()->AddRectFilled(corner, ImVec2(corner.x + size.x, corner.y + size.y),
                                            ImGui::GetColorU32(ImGuiCol_FrameBg), 4);
  ImVec2 inside(corner.x + kMargin, corner.y + kMargin);
  ImVec2 room(size.x - 2 * kMargin, size.y - 2 * kMargin);
  draw_line(curves.train, curves, inside, room, curve_color(0));
  draw_line(curves.test, curves, inside, room, curve_color(1));
  ImGui::TextDisabled("from %.1f to %.1f", curves.low, curves.high);
}

// "Conditional VAE of 28 × 28 grey images, 1.2 M parameters".
std::string in_words(const models::Model& model, uint64_t parameters) {
  const models::Description& network = model.description();
  const Shape image = network.image();
  return fmt::format("{}{} of {} × {} {} images, {} parameters, {}",
                     network.classes() > 0 ? "Conditional " : "", network.family().title, image[1],
                     image[0], image[2] == 1 ? "grey" : "colour", rounded(parameters),
                     count_of(network.latent_size(), "latent number"));
}

void draw_training(const io::TrainingRecord& training) {
  ImGui::TextWrapped("seed %s, %s, %s", fmt::to_string(training.seed).c_str(),
                     count_of(training.epoch, "epoch").c_str(),
                     count_of(training.step, "step").c_str());
  if (!training.metrics.empty()) {
    const io::EpochMetrics& last = training.metrics.back();
    draw_metrics("training", last.train);
    draw_metrics("test", last.test);
  }
  draw_curves(training.metrics);
}

}  // namespace

void draw_model_card(const Model& model) {
  ImGui::Spacing();
  text(TextStyle::kHeading, model.name());
  ImGui::TextWrapped("%s.", in_words(model.networks(), model.parameter_count()).c_str());
  if (begin_fold("Training")) {
    draw_training(model.training());
    ImGui::TreePop();
  }
  if (begin_fold("Layers")) {
    draw_networks(model.networks());
    ImGui::TreePop();
  }
}

}  // namespace pumice::web
