#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/cache_folder.h"
#include "engine/base/count_of.h"
#include "engine/base/table.h"
#include "native/commands/session.h"
#include "native/system/self_test_cache.h"

namespace pumice::commands {
namespace {

using nlohmann::json;
using self_test::Report;
using self_test::Verdict;

json to_json(const self_test::Row& row) {
  json object{{"family", row.family},
              {"variant", row.variant},
              {"cases", row.cases},
              {"largest_error", row.largest_error},
              {"verdict", self_test::name(row.verdict)}};
  if (!row.problem.empty()) object["problem"] = row.problem;
  return object;
}

json to_json(const hal::Limits& limits, const Report& report) {
  json rows = json::array();
  for (const self_test::Row& row : report.rows) rows.push_back(to_json(row));
  return {{"device", limits.device_name}, {"driver", limits.driver}, {"rows", rows}};
}

bool is_right(const self_test::Row& row) { return row.verdict == Verdict::kRight; }

/// A row for each variant; below, what is wrong and what follows from it.
std::string to_text(const hal::Limits& limits, const Report& report) {
  Table table({"family", "variant", "cases", "largest error", "verdict"});
  for (const self_test::Row& row : report.rows) {
    table.add({row.family, row.variant, fmt::to_string(row.cases),
               fmt::format("{:.1e}", row.largest_error),
               std::string(self_test::name(row.verdict))});
  }
  std::string text = fmt::format("{}, {}\n\n{}", limits.device_name, limits.driver, table.text());
  for (const std::string& line : system::switched_off(limits, report)) text += "\n" + line;
  for (const self_test::Row& row : report.rows) {
    if (is_right(row) || row.kind != self_test::Family::kOther) continue;
    text += fmt::format("\n{}: {}: {} ({}); there is no other variant: do not trust this device",
                        limits.device_name, row.family, self_test::name(row.verdict), row.problem);
  }
  return text;
}

void test_device(Session& session) {
  const auto device = session.open_device(/*with_every_core=*/true);
  const Report report = self_test::run(*device, self_test::Form::kLong);
  system::remember_self_test(device->limits(), report, cache_folder());
  session.print(to_text(device->limits(), report), to_json(device->limits(), report));
  const auto wrong = report.rows.size() - std::ranges::count_if(report.rows, is_right);
  if (wrong == 0) return;
  session.note(fmt::format("{} not right on this device", count_of(wrong, "variant")));
  session.exit_code = 1;
}

}  // namespace

void add_selftest(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "selftest",
      "Tests whether a device computes correctly: every variant of the kernels against double "
      "precision on the processor. Those that are wrong are not used from then on.");
  command->footer("Example:\n  pumice selftest --device cpu");
  add_common_options(*command, session);
  command->callback([&session] { test_device(session); });
}

}  // namespace pumice::commands
