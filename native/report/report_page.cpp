#include "native/report/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/version.h"
#include "engine/io/class_colors.h"
#include "native/report/page.h"
#include "native/report/run_facts.h"
#include "native/report/run_images.h"
#include "native/system/shell.h"
#include "native/views/curves.h"

namespace pumice::report {
namespace {

using nlohmann::json;

constexpr size_t kImageCharacters = 4'000'000;
constexpr uint32_t kGridMargin = 1;
constexpr size_t kMostPoints = 800;  // of a curve: more than a chart has pixels

// Seven digits: more than a chart shows, at half the size.
double rounded(double value) { return std::stod(fmt::format("{:.7g}", value)); }

json series_to_json(const formats::Series& series, size_t run) {
  json x = json::array(), y = json::array();
  for (formats::Point point : series.points) {
    x.push_back(point.x);
    y.push_back(rounded(point.y));
  }
  return {{"run", run}, {"name", series.name}, {"x", std::move(x)}, {"y", std::move(y)}};
}

views::Curves speed_curve(const RunFacts& facts) {
  views::Curves speed{"images_per_second",
                      {.title = "",
                       .x_label = "epoch",
                       .y_label = "training speed, images per second",
                       .series = {{"train", {}}},
                       .whole_x = true}};
  const size_t epochs = std::min(facts.metrics.size(), facts.images_per_second.size());
  for (size_t i = 0; i < epochs; ++i) {
    speed.plot.series[0].points.push_back(
        {double(facts.metrics[i].epoch), facts.images_per_second[i]});
  }
  return speed;
}

std::vector<views::Curves> all_curves(const RunFacts& facts) {
  std::vector<views::Curves> curves = views::curves_of("", facts.metrics);
  if (!facts.images_per_second.empty()) curves.push_back(speed_curve(facts));
  for (views::Curves& by_step : views::curves_by_step("", facts.steps)) {
    for (formats::Series& series : by_step.plot.series)
      series.points = thinned(series.points, kMostPoints);
    curves.push_back(std::move(by_step));
  }
  return curves;
}

/// A chart per group of metrics, by epoch or by step, with all runs in it.
class Charts {
 public:
  void add(const RunFacts& facts, const std::string& name, size_t run) {
    for (const views::Curves& curves : all_curves(facts)) {
      Chart& chart = chart_of(curves);
      for (formats::Series series : curves.plot.series) {
        chart.json["series"].push_back(series_to_json(series, run));
        series.name = name + " " + series.name;
        chart.plot.series.push_back(std::move(series));
      }
    }
  }

  /// With an image of each if the page has no chart library.
  json to_json() {
    json charts = json::array();
    for (Chart& chart : charts_) {
      if (!report::has_chart_library()) {
        chart.json["picture"] = report::data_uri("image/svg+xml", to_svg(chart.plot));
      }
      charts.push_back(std::move(chart.json));
    }
    return charts;
  }

 private:
  struct Chart {
    nlohmann::json json;
    formats::Plot plot;
  };

  Chart& chart_of(const views::Curves& curves) {
    for (Chart& chart : charts_) {
      const bool is_by_same = chart.plot.x_label == curves.plot.x_label;
      if (is_by_same && chart.json["group"] == curves.group) return chart;
    }
    formats::Plot plot = curves.plot;
    plot.series.clear();
    return charts_.emplace_back(Chart{{{"group", curves.group},
                                       {"label", curves.plot.y_label},
                                       {"by", curves.plot.x_label},
                                       {"series", nlohmann::json::array()}},
                                      std::move(plot)});
  }

  std::vector<Chart> charts_;
};

uint32_t row_height(const RunFacts& facts) {
  return facts.network ? facts.network->image()[0] + kGridMargin : 0;
}

// An unreadable file is reported by several readers: keeps one note of each.
std::vector<std::string> without_repeats(const std::vector<std::string>& notes) {
  std::vector<std::string> once;
  for (const std::string& note : notes) {
    if (std::ranges::count(once, note) == 0) once.push_back(note);
  }
  return once;
}

std::string title_of(std::span<const ReportedRun> runs) {
  std::string title;
  for (const ReportedRun& run : runs) title += (title.empty() ? "" : ", ") + run.name;
  return title;
}

// As in CSS, for each ground.
json class_colors() {
  auto names = [](std::span<const uint32_t> colors) {
    json list = json::array();
    for (uint32_t color : colors) list.push_back(fmt::format("#{:06x}", color));
    return list;
  };
  return {{"dark", names(io::kClassColorsOnDark)}, {"light", names(io::kClassColorsOnLight)}};
}

json report_data(std::span<const ReportedRun> runs) {
  Charts charts;
  json shown = json::array();
  for (size_t i = 0; i < runs.size(); ++i) {
    std::vector<std::string> notes = runs[i].notes;
    const RunFacts facts = read_facts(runs[i].folder, notes);
    charts.add(facts, runs[i].name, i);
    json run = facts_to_json(facts, notes);
    run["name"] = runs[i].name;
    if (facts.network && facts.network->family().draws) {
      run["serve_command"] = system::shell_command(
          std::array<std::string, 3>{"pumice", "serve", runs[i].folder.path().string()});
    }
    run["pictures"] =
        images_to_json(runs[i], row_height(facts), kImageCharacters / runs.size(), notes);
    run["notes"] = without_repeats(notes);
    shown.push_back(std::move(run));
  }
  return {{"version", version()},
          {"runs", std::move(shown)},
          {"charts", charts.to_json()},
          {"class_colors", class_colors()},
          {"zoom", report::has_chart_library()}};
}

}  // namespace

std::vector<formats::Point> thinned(std::span<const formats::Point> points, size_t most) {
  const size_t group = (points.size() + most - 1) / most;
  std::vector<formats::Point> means;
  for (size_t first = 0; first < points.size(); first += group) {
    const auto part = points.subspan(first, std::min(group, points.size() - first));
    double sum = 0;
    for (formats::Point point : part) sum += point.y;
    means.push_back({part.back().x, sum / double(part.size())});
  }
  return means;
}

std::string report_page(std::span<const ReportedRun> runs) {
  return report::html_page(title_of(runs), report_data(runs));
}

std::string live_report_page(std::span<const ReportedRun> runs, std::string_view state) {
  json data = report_data(runs);
  data["live"] = state;
  return report::html_page(title_of(runs), data);
}

void write_report(const RunFolder& folder) {
  const ReportedRun run = reported_run(folder.path());
  write_file_atomically(folder.report(), report_page({&run, 1}));
}

}  // namespace pumice::report
