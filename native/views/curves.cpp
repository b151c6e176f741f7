#include "native/views/curves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace pumice::views {
namespace {

struct Group {
  std::string_view metric;
  std::string_view group;
  std::string_view y_label;
  bool depends_on_loss = false;   ///< values of models with different losses do not compare
  bool measures_progress = true;  ///< not a mean output or gradient
};

// Metrics not listed here form their own groups.
constexpr std::array<Group, 13> kGroups{{
    {"loss", "loss", "loss, nats per image", true},
    {"d_loss", "loss", "loss of discriminator (d) and generator (g)", true},
    {"g_loss", "loss", "loss of discriminator (d) and generator (g)", true},
    {"reconstruction", "reconstruction", "reconstruction loss, nats per image", true, false},
    {"kl", "kl", "KL divergence, nats per image"},
    {"js", "js", "estimated Jensen-Shannon divergence, nats"},
    {"em_distance", "em_distance", "estimated earth mover's distance"},
    {"d_real", "opinions", "mean discriminator output, real and fake", true, false},
    {"d_fake", "opinions", "mean discriminator output, real and fake", true, false},
    {"fid", "fid", "FID of samples, against test images", false, false},
    {"inception_score", "inception_score", "Inception score of samples", false, false},
    {"d_gradient_norm", "gradient_norm", "norm of the gradients", true, false},
    {"g_gradient_norm", "gradient_norm", "norm of the gradients", true, false},
}};

Group group_of(const std::string& metric) {
  auto found = std::find_if(kGroups.begin(), kGroups.end(),
                            [&](const Group& group) { return group.metric == metric; });
  if (found != kGroups.end()) return *found;
  return {metric, metric, metric, false, metric.ends_with("loss")};
}

/// Properties that all plots of a run share.
struct Style {
  std::string title;
  std::string x_label;
};

Curves& plot_of(std::vector<Curves>& all, const Group& group, const Style& style) {
  for (Curves& curves : all) {
    if (curves.group == group.group) return curves;
  }
  return all.emplace_back(Curves{std::string(group.group),
                                 {.title = style.title,
                                  .x_label = style.x_label,
                                  .y_label = std::string(group.y_label),
                                  .series = {},
                                  .whole_x = true}});
}

void add_point(formats::Plot& plot, const std::string& name, formats::Point point) {
  for (formats::Series& series : plot.series) {
    if (series.name == name) return series.points.push_back(point);
  }
  plot.series.push_back({name, {point}});
}

void add_metrics(std::vector<Curves>& all, const Style& style, uint32_t x, const char* word,
                 const Metrics& metrics) {
  for (const Metric& metric : metrics) {
    if (!std::isfinite(metric.value)) continue;  // not measured in that epoch
    const Group group = group_of(metric.name);
    const bool shares = group.group != metric.name;
    add_point(plot_of(all, group, style).plot,
              shares ? fmt::format("{} {}", word, metric.name) : word, {double(x), metric.value});
  }
}

}  // namespace

bool depends_on_loss(std::string_view group) {
  return std::ranges::any_of(
      kGroups, [&](const Group& row) { return row.group == group && row.depends_on_loss; });
}

bool measures_progress(const std::string& metric) { return group_of(metric).measures_progress; }

std::vector<Curves> curves_of(const std::string& title,
                              const std::vector<io::EpochMetrics>& metrics) {
  std::vector<Curves> all;
  const Style style{title, "epoch"};
  for (const io::EpochMetrics& row : metrics) {
    add_metrics(all, style, row.epoch, "train", row.train);
    add_metrics(all, style, row.epoch, "test", row.test);
  }
  return all;
}

std::vector<Curves> curves_by_step(const std::string& title,
                                   const std::vector<train::StepMetrics>& rows) {
  std::vector<Curves> all;
  const Style style{title, "step"};
  for (const train::StepMetrics& row : rows) {
    add_metrics(all, style, row.step, "train", row.metrics);
  }
  return all;
}

}  // namespace pumice::views
