// The benchmark in a worker of the page: what `pumice bench` measures by default, with the same
// results.
//   benchmark DEVICE SECONDS WORKLOAD BROWSER SYSTEM PROCESSOR
// DEVICE: "webgpu" or "cpu"; WORKLOAD: only this one, or "" for all; the others are for the line
// that names the device.
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/benchmark/result_json.h"
#include "engine/benchmark/result_text.h"
#include "engine/benchmark/training.h"
#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/webgpu/webgpu_device.h"
#include "engine/io/json_text.h"

/// The functions of library_benchmark.js.
extern "C" {
void benchmark_wait();
/// A remark about what is being measured.
void benchmark_note(const char* text);
/// What is measured next.
void benchmark_begin(const char* stage);
/// `rows`: for people, the line that names the device, and a line "label\ttext" for each result.
void benchmark_finish(const char* rows, const char* markdown, const char* json);
void benchmark_fail(const char* message);
}

namespace pumice::benchmark {
namespace {

struct Call {
  bool is_webgpu = false;
  double seconds = 60;
  std::string_view workload;
  std::string browser;
  std::string system;
  std::string processor;
};

std::unique_ptr<hal::Device> open_device(const Call& call) {
  if (call.is_webgpu) return hal::webgpu::create_device({.wait = benchmark_wait});
  return hal::cpu::create_device({.threads = 1});
}

Setting setting(const hal::Device& device, const Call& call) {
  Setting setting = setting_of(device.limits(), call.system);
  if (!call.is_webgpu) setting.device = call.processor;
  setting.driver = call.browser;
  setting.threads = 0;  // call.processor has them
  return setting;
}

Result measure(hal::Device& device, const Call& call) {
  Result result{.setting = setting(device, call), .seconds = call.seconds};
  benchmark_begin("the device's ceilings");
  const Ceilings ceilings = measure_ceilings(device, call.seconds);
  result.ceilings = ceilings.all();
  const std::span<const Workload> wanted =
      call.workload.empty() ? workloads() : std::span(&workload_named(call.workload), 1);
  result.training = measure_workloads(
      device, wanted, call.seconds, ceilings,
      [](const std::string& text) { benchmark_note(text.c_str()); },
      [](const std::string& name) { benchmark_begin(name.c_str()); });
  return result;
}

std::string row(std::string_view label, std::string_view text) {
  return fmt::format("{}\t{}\n", label, text);
}

std::string training_rows(const TrainingResult& training) {
  const Summary speed = training.speed.summary();
  std::string text = fmt::format("{} images/s", number_text(speed.median));
  if (training.speed.fraction_of_ceiling) {
    text += fmt::format(", {:.3g} % of the multiply-add ceiling",
                        100 * *training.speed.fraction_of_ceiling);
  }
  if (training.batch != training.frozen_batch) {
    text += fmt::format(", batches of {} for lack of memory", training.batch);
  }
  const bool is_wrong = training.verdict.validity == Validity::kWrong;
  return row(training.speed.name, is_wrong ? "wrong: does not count" : text) +
         row("its losses", training.verdict.text);
}

std::string rows_of(const Result& result) {
  std::string text = header_line(result.setting) + "\n";
  for (const TrainingResult& training : result.training) text += training_rows(training);
  for (const Measurement& own : result.ceilings) {
    text += row(own.name, fmt::format("{} {}", number_text(own.summary().median), own.unit));
  }
  return text;
}

void run(const Call& call) {
  const std::unique_ptr<hal::Device> device = open_device(call);
  const Result result = measure(*device, call);
  benchmark_finish(rows_of(result).c_str(), to_markdown(result).c_str(),
                   (io::json_text(to_json(result), 1) + "\n").c_str());
}

}  // namespace
}  // namespace pumice::benchmark

int main(int count, char** arguments) {
  if (count != 7) return EXIT_FAILURE;
  try {
    pumice::benchmark::run({.is_webgpu = std::string_view(arguments[1]) == "webgpu",
                            .seconds = std::atof(arguments[2]),
                            .workload = arguments[3],
                            .browser = arguments[4],
                            .system = arguments[5],
                            .processor = arguments[6]});
    return EXIT_SUCCESS;
  } catch (const std::bad_alloc&) {
    benchmark_fail("The browser does not allow the benchmark as much memory as it needs.");
  } catch (const std::exception& error) {
    benchmark_fail(error.what());
  }
  return EXIT_FAILURE;
}
