#include "native/report/data_table.h"

#include "engine/base/require.h"
#include "native/report/table.h"

namespace pumice::report {
namespace {

std::string size_text(const DataRow& row) {
  if (row.channels == 0) return "any";
  return fmt::format("{}x{}x{}", row.height, row.width, row.channels);
}

}  // namespace

std::string data_table(std::span<const DataRow> rows) {
  Table table({"data set", "train", "test", "size", "classes", "folder"});
  for (const DataRow& row : rows) {
    if (row.problem.empty()) {
      table.add({row.name, fmt::to_string(row.train), fmt::to_string(row.test), size_text(row),
                 fmt::to_string(row.class_names.size()), row.folder.string()});
    } else {
      table.add({row.name, "-", "-", "-", "-", row.folder.string()});
    }
  }
  std::string text = table.text();
  for (const DataRow& row : rows) {
    if (!row.problem.empty()) text += "\n" + row.problem;
  }
  return text;
}

}  // namespace pumice::report
