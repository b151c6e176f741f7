#include "engine/benchmark/result_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pumice::benchmark {
namespace {

std::string spread_text(const Measurement& measurement) {
  const Summary summary = measurement.summary();
  return fmt::format("{} to {}", number_text(summary.first_quartile),
                     number_text(summary.third_quartile));
}

std::string fraction_text(const Measurement& measurement) {
  if (!measurement.fraction_of_ceiling) return "-";
  return fmt::format("{:.3g} %", 100 * *measurement.fraction_of_ceiling);
}

std::string speed_text(const TrainingResult& training) {
  const std::string median = number_text(training.speed.summary().median);
  return training.verdict.validity == Validity::kWrong ? "~~" + median + "~~" : median;
}

std::string batch_text(const TrainingResult& training) {
  if (training.batch == training.frozen_batch) return fmt::to_string(training.batch);
  return fmt::format("{} (memory ends below {})", training.batch, training.frozen_batch);
}

Section training_section(const Result& result) {
  Section section{
      .title = "Training",
      .table = Table({"workload", "images/s trained", "quartiles", "% of multiply-add ceiling",
                      "batch", "first step, s", "steps timed", "losses"}),
      .bars_title = "% of the multiply-add ceiling"};
  for (const TrainingResult& training : result.training) {
    section.table.add(
        {training.speed.name, speed_text(training), spread_text(training.speed),
         fraction_text(training.speed), batch_text(training),
         number_text(training.first_step_seconds), fmt::to_string(training.steps),
         fmt::format("{}: {}", name(training.verdict.validity), training.verdict.text)});
    section.bars.push_back({.name = training.speed.name,
                            .length = training.speed.fraction_of_ceiling.value_or(0),
                            .text = fraction_text(training.speed),
                            .is_wrong = training.verdict.validity == Validity::kWrong});
  }
  section.note = fmt::format(
      "Workload version {}; {:g} s asked for. First step: with what the driver compiles then.",
      kWorkloadVersion, result.seconds);
  return section;
}

Section ceilings_section(const Result& result) {
  Section section{.title = "Ceilings of the device",
                  .table = Table({"what", "median", "quartiles", "unit"})};
  for (const Measurement& own : result.ceilings) {
    section.table.add({own.name, number_text(own.summary().median), spread_text(own), own.unit});
  }
  return section;
}

Section kernels_section(const Result& result) {
  Section section{.title = "Kernels",
                  .table = Table({"kernel", "speed", "quartiles", "unit", "% of ceiling"}),
                  .note = "Ceilings: of GFLOP/s multiply-adds, of GB/s the copy.",
                  .bars_title = "% of the ceiling"};
  for (const Measurement& own : result.kernels) {
    section.table.add({own.name, number_text(own.summary().median), spread_text(own), own.unit,
                       fraction_text(own)});
    section.bars.push_back({own.name, own.fraction_of_ceiling.value_or(0), fraction_text(own)});
  }
  return section;
}

void add_recipe(Section& section, const RecipeResult& recipe) {
  if (!recipe.problem.empty()) {
    section.table.add({recipe.step.name, recipe.problem, "", "", "", "", "", "", ""});
    return;
  }
  const double speed = recipe.step.summary().median;
  section.table.add({recipe.step.name, number_text(speed), fmt::to_string(recipe.batch),
                     number_text(1e3 * recipe.batch / speed),
                     recipe.device ? number_text(1e-3 * recipe.device->summary().median) : "-",
                     fmt::to_string(recipe.dispatches), fmt::to_string(recipe.barriers),
                     number_text(static_cast<double>(recipe.bytes) / 1e6),
                     recipe.decode ? number_text(recipe.decode->summary().median) : "-"});
  section.bars.push_back({recipe.step.name, speed, number_text(speed)});
}

Section recipes_section(const Result& result) {
  Section section{
      .title = "Recipes",
      .table = Table({"recipe", "images/s trained", "batch", "ms per step", "on the device",
                      "dispatches", "barriers", "MB", "images/s decoded"}),
      .note =
          "ms per step: by the host's clock, steps in a row; on the device: by its "
          "own clock, each program of a step alone.",
      .bars_title = "images/s trained"};
  for (const RecipeResult& recipe : result.recipes) add_recipe(section, recipe);
  double most = 0;
  for (const Bar& bar : section.bars) most = std::max(most, bar.length);
  for (Bar& bar : section.bars) bar.length /= most;
  return section;
}

/// Where a step's time goes.
Section dispatches_section(const RecipeResult& recipe) {
  Section section{.title = "Dispatches of " + recipe.step.name,
                  .table = Table({"us, alone", "barrier", "kernel", "workgroups", "label"})};
  double total = 0;
  for (const DispatchTime& own : recipe.dispatch_times) {
    section.table.add({number_text(own.microseconds), own.has_barrier ? "yes" : "", own.kernel,
                       fmt::format("{} x {} x {}", own.grid[0], own.grid[1], own.grid[2]),
                       own.label});
    total += own.microseconds;
  }
  section.note = fmt::format("Together {} us.", number_text(total));
  return section;
}

/// What a row of the CSV has besides its measurement.
struct CsvDetails {
  std::string losses = {};
  std::string batch = {};
  std::string steps = {};
  std::string dispatches = {};
  std::string barriers = {};
  std::string bytes = {};
  std::string precision = {};
  std::string problem = {};
};

class CsvTable {
 public:
  explicit CsvTable(const Setting& setting) : setting_(setting) {}

  void add(const std::string& group, const Measurement& own, const CsvDetails& details = {}) {
    const bool is_there = !own.samples.empty();
    const Summary summary = is_there ? own.summary() : Summary{};
    const auto text = [&](double value) { return is_there ? fmt::format("{}", value) : ""; };
    table_.add({group,
                own.name,
                own.unit,
                text(summary.median),
                text(summary.first_quartile),
                text(summary.third_quartile),
                fmt::to_string(own.samples.size()),
                own.fraction_of_ceiling ? fmt::format("{}", *own.fraction_of_ceiling) : "",
                details.losses,
                details.batch,
                details.steps,
                details.dispatches,
                details.barriers,
                details.bytes,
                details.precision,
                details.problem,
                setting_.device,
                setting_.driver,
                setting_.version,
                setting_.commit,
                setting_.os});
  }
  std::string text() const { return table_.csv(); }

 private:
  const Setting& setting_;
  Table table_{{"group",
                "name",
                "unit",
                "median",
                "first_quartile",
                "third_quartile",
                "samples",
                "fraction_of_ceiling",
                "losses",
                "batch",
                "steps",
                "dispatches",
                "barriers",
                "bytes",
                "precision",
                "problem",
                "device",
                "driver",
                "version",
                "commit",
                "os"}};
};

void add_recipe(CsvTable& table, const RecipeResult& own) {
  if (!own.problem.empty()) return table.add("recipes", own.step, {.problem = own.problem});
  table.add("recipes", own.step,
            {.batch = fmt::to_string(own.batch),
             .dispatches = fmt::to_string(own.dispatches),
             .barriers = fmt::to_string(own.barriers),
             .bytes = fmt::to_string(own.bytes),
             .precision = own.precision});
  if (own.device) table.add("recipes", *own.device);
  if (!own.decode) return;
  table.add("recipes", *own.decode, {.dispatches = fmt::to_string(own.decode_dispatches)});
}

}  // namespace

std::vector<Section> sections_of(const Result& result) {
  std::vector<Section> sections;
  if (!result.training.empty()) sections.push_back(training_section(result));
  if (!result.ceilings.empty()) sections.push_back(ceilings_section(result));
  if (!result.kernels.empty()) sections.push_back(kernels_section(result));
  if (!result.recipes.empty()) sections.push_back(recipes_section(result));
  for (const RecipeResult& recipe : result.recipes) {
    if (!recipe.dispatch_times.empty()) sections.push_back(dispatches_section(recipe));
  }
  return sections;
}

std::string to_markdown(const Result& result) {
  std::string text = header_line(result.setting) + "\n";
  for (const Section& section : sections_of(result)) {
    text += fmt::format("\n**{}**\n\n{}", section.title, section.table.markdown());
    if (!section.note.empty()) text += "\n" + section.note + "\n";
  }
  return text;
}

std::string to_csv(const Result& result) {
  CsvTable table(result.setting);
  for (const TrainingResult& own : result.training) {
    table.add("training", own.speed,
              {.losses = std::string(name(own.verdict.validity)),
               .batch = fmt::to_string(own.batch),
               .steps = fmt::to_string(own.steps)});
  }
  for (const Measurement& own : result.ceilings) table.add("ceilings", own);
  for (const Measurement& own : result.kernels) table.add("kernels", own);
  for (const RecipeResult& own : result.recipes) add_recipe(table, own);
  return table.text();
}

// With six digits or more, digits after the fourth are zeros: nobody measures them.
std::string number_text(double value) {
  if (!std::isfinite(value) || value == 0) return fmt::format("{:g}", value);
  const int digits = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  if (digits <= 3) return fmt::format("{:.{}f}", value, std::clamp(4 - digits, 0, 12));
  const double unit = std::pow(10.0, std::max(digits - 5, 0));
  const std::string plain = fmt::format("{:.0f}", std::round(value / unit) * unit);
  std::string text;
  for (size_t i = 0; i < plain.size(); ++i) {
    const size_t left = plain.size() - i;
    if (i > 0 && left % 3 == 0 && plain[i - 1] != '-') text += ',';
    text += plain[i];
  }
  return text;
}

}  // namespace pumice::benchmark
