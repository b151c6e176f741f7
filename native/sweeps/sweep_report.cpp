#include "native/sweeps/sweep_report.h"

#include <algorithm>
#include <cctype>

#include "engine/base/atomic_file.h"
#include "engine/base/escape.h"
#include "engine/base/require.h"
#include "native/formats/origin.h"
#include "native/sweeps/comparison_image.h"
#include "native/sweeps/study_text.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

// "loss", "train d_loss" → "loss-train-d_loss"
std::string file_stem(const std::string& group, const std::string& series) {
  std::string stem;
  for (char c : group + "-" + series) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') c = '-';
    if (c != '-' || !stem.ends_with('-')) stem += c;
  }
  return stem;
}

views::Curves& plot_of(std::vector<views::Curves>& all, const std::string& group,
                       const views::Curves& like, const std::string& title) {
  for (views::Curves& curves : all) {
    if (curves.group == group) return curves;
  }
  views::Curves& added = all.emplace_back(like);
  added.group = group;
  added.plot.title = title;
  added.plot.series.clear();
  return added;
}

// Losses of different models, and anything on different data, never share a plot.
std::string measured_on(const Sweep& sweep, const SweepRun& run, const std::string& group) {
  const auto differ = [&](const auto& of) {
    return std::any_of(sweep.runs.begin(), sweep.runs.end(),
                       [&](const SweepRun& other) { return of(other.recipe) != of(run.recipe); });
  };
  const auto data = [](const Recipe& recipe) { return recipe.data.name; };
  std::string text;
  if (differ(data)) text += " " + run.recipe.data.name;
  const auto loss = [](const Recipe& recipe) {
    return fmt::format("{} {}", recipe.spec.family().name, recipe.spec.loss_text());
  };
  if (views::depends_on_loss(group) && differ(loss)) text += " " + loss(run.recipe);
  return text;
}

std::string markdown(const SweepFolder& folder, const Sweep& sweep,
                     const std::vector<RunResult>& results,
                     const std::vector<views::Curves>& curves) {
  const bool compares = is_study(sweep);
  std::string text = fmt::format(
      "{}\n\n# {}\n\n{}{}\n", formats::kComment, sweep.name, study_markdown(sweep.study),
      compares ? comparison_markdown(compared_models(folder, sweep, results))
               : sweep_table(sweep, results).markdown());
  if (const std::string note = evaluation_note(sweep, results); !note.empty())
    text += note + "\n\n";
  const Table seeds = seeds_table(sweep, results);
  if (!seeds.empty()) {
    text += fmt::format("Mean ± standard deviation over seeds:\n\n{}\n", seeds.markdown());
  }
  for (const views::Curves& plot : curves) {
    text += fmt::format("![{0}](curves/{0}.png)\n\n", plot.group);
  }
  for (size_t i = 0; i < sweep.runs.size() && !compares; ++i) {
    const std::string label = sweep.runs[i].label();
    for (const RunImage& image : images_of(folder, sweep, i, results[i])) {
      text += fmt::format("{}, {}:\n\n![{} of {}]({})\n\n", label, image.name, image.name, label,
                          image.file.string());
    }
  }
  return text;
}

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="Pumice">
<meta name="viewport" content="width=device-width">
<title>{0}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px/1.4 sans-serif; margin: 2em; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: 0.25em 0.7em; border-bottom: 1px solid #8886; text-align: right; }}
svg {{ max-width: 100%; height: auto; }}
figure {{ display: inline-block; margin: 0.5em 1em 0.5em 0; vertical-align: top; }}
figure img {{ max-width: 100%; }}
.models {{ font-size: 13px; }}
.models td, .models th {{ text-align: left; vertical-align: top; padding: 0.25em 0.4em; }}
.models figure {{ margin: 0 6px 0 0; }}
.models img {{ width: 150px; }}
</style>
</head>
<body>
<h1>{0}</h1>
)";

std::string html(const SweepFolder& folder, const Sweep& sweep,
                 const std::vector<RunResult>& results, const std::vector<views::Curves>& curves) {
  std::string text = fmt::format(kHead, escaped_html(sweep.name));
  text += study_html(sweep.study);
  const bool compares = is_study(sweep);
  text += compares
              ? comparison_html(compared_models(folder, sweep, results)) +
                    "<p>All metrics: <a href=\"table.csv\">table.csv</a>. The models as one "
                    "image: <a href=\"comparison.png\">comparison.png</a>.</p>\n"
              : fmt::format("<div class=\"wide\">\n{}</div>\n", sweep_table(sweep, results).html());
  if (const std::string note = evaluation_note(sweep, results); !note.empty()) {
    text += fmt::format("<p>{}</p>\n", escaped_html(note));
  }
  const Table seeds = seeds_table(sweep, results);
  if (!seeds.empty()) {
    text += fmt::format(
        "<h2>Mean ± standard deviation over seeds</h2>\n<div class=\"wide\">\n{}</div>\n",
        seeds.html());
  }
  text += "<h2>Curves</h2>\n";
  for (const views::Curves& plot : curves) text += formats::to_svg(plot.plot);
  if (!compares) text += "<h2>Images</h2>\n";
  for (size_t i = 0; i < sweep.runs.size() && !compares; ++i) {
    const std::string label = escaped_html(sweep.runs[i].label());
    for (const RunImage& image : images_of(folder, sweep, i, results[i])) {
      text += fmt::format(
          "<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}, {}</figcaption></figure>\n",
          image.file.string(), image.name, label, image.name);
    }
  }
  return text + "</body>\n</html>\n";
}

}  // namespace

std::vector<views::Curves> sweep_curves(const Sweep& sweep, const std::vector<RunResult>& results) {
  std::vector<views::Curves> all;
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    for (const views::Curves& curves : views::curves_of(sweep.name, results[i].metrics)) {
      for (const formats::Series& series : curves.plot.series) {
        const std::string measured = measured_on(sweep, sweep.runs[i], curves.group);
        const std::string title =
            fmt::format("{}: {} ({}{})", sweep.name, curves.group, series.name, measured);
        plot_of(all, file_stem(curves.group, series.name + measured), curves, title)
            .plot.series.push_back({sweep.runs[i].label(), series.points});
      }
    }
  }
  return all;
}

void write_sweep_report(const SweepFolder& folder, const Sweep& sweep,
                        const std::vector<RunResult>& results) {
  const std::vector<views::Curves> curves = sweep_curves(sweep, results);
  std::error_code error;
  fs::create_directories(folder.curves(), error);
  require(!error, "{}: cannot create the folder: {}", folder.curves().string(), error.message());
  for (const views::Curves& plot : curves) {
    for (const char* extension : {"png", "svg"}) {
      formats::write_plot(folder.curves() / fmt::format("{}.{}", plot.group, extension), plot.plot);
    }
  }
  write_file_atomically(folder.table("csv"), sweep_table(sweep, results).csv());
  const Table seeds = seeds_table(sweep, results);
  if (!seeds.empty()) write_file_atomically(folder.seeds(), seeds.csv());
  write_file_atomically(folder.table("md"), markdown(folder, sweep, results, curves));
  write_file_atomically(folder.table("html"), html(folder, sweep, results, curves));
  if (!is_study(sweep)) return;
  formats::write_png(folder.comparison(),
                     comparison_image(folder.path(), compared_models(folder, sweep, results),
                                      evaluation_note(sweep, results)));
}

}  // namespace pumice
