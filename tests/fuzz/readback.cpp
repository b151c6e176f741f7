// What runs, sweeps and measurements write and later read: JSON, CSV, and numbers in metadata. The
// first byte selects the reader.
#include <nlohmann/json.hpp>

#include "engine/benchmark/result_json.h"
#include "engine/io/data_record.h"
#include "engine/io/metrics_json.h"
#include "engine/io/tuning_json.h"
#include "native/benchmark/comparison.h"
#include "native/formats/metrics_csv.h"
#include "native/formats/metrics_lines.h"
#include "native/sweeps/run_evaluation.h"
#include "native/training/run_length.h"
#include "native/training/steps_csv.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

namespace {

fuzz::MemoryFile file;

using Reader = void (*)(std::string_view text);

constexpr Reader kReaders[] = {
    [](std::string_view text) { io::metrics_from_json(text, "figures"); },
    [](std::string_view text) { io::data_record_from_json(text, "data"); },
    [](std::string_view text) { io::class_names_from_json(text, "class_names"); },
    [](std::string_view text) { io::choices_from_json(text, "tuning"); },
    [](std::string_view text) { formats::read_metrics(file.with(text)); },
    [](std::string_view text) { formats::read_metrics_lines(file.with(text)); },
    [](std::string_view text) { read_steps(file.with(text)); },
    [](std::string_view text) { read_run_length(file.with(text)); },
    [](std::string_view text) { read_run_evaluation(file.with(text)); },
    [](std::string_view text) {
      const auto result = benchmark::read_result(file.with(text));
      benchmark::comparison_text(benchmark::compare(result, result));
    },
};

}  // namespace

FUZZ_TARGET(readback) {
  const Reader read = kReaders[fuzz::take_byte(data, size) % std::size(kReaders)];
  fuzz::read_or_refuse([&] { read(fuzz::text_of(data, size)); });
}
