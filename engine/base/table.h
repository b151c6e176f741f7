#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pumice {

/// Cells in columns, and their output formats.
class Table {
 public:
  using Row = std::vector<std::string>;

  explicit Table(Row titles) : rows_{std::move(titles)} {}

  /// Throws Error unless there is one cell per title.
  void add(Row row);
  bool empty() const { return rows_.size() == 1; }

  /// All lines, without a trailing line break.
  std::string text() const;
  /// RFC 4180. This and the following end with a line break.
  std::string csv() const;
  std::string markdown() const;
  /// <table> … </table>
  std::string html() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace pumice
