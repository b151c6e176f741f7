#pragma once

#include <string>
#include <vector>

namespace pumice::report {

/// Text in columns.
class Table {
 public:
  using Row = std::vector<std::string>;

  explicit Table(Row titles) : rows_{std::move(titles)} {}

  /// Throws Error unless there is one cell for each title.
  void add(Row row);

  /// All lines, without a line break at the end.
  std::string text() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace pumice::report
