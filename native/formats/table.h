#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pumice::formats {

/// Cells in columns, and the ways to write them.
class Table {
 public:
  using Row = std::vector<std::string>;

  explicit Table(Row titles) : rows_{std::move(titles)} {}

  /// Throws Error unless there is one cell for each title.
  void add(Row row);
  bool empty() const { return rows_.size() == 1; }

  /// All lines, without a line break at the end.
  std::string text() const;
  /// RFC 4180, with a line break at the end; so have these.
  std::string csv() const;
  std::string markdown() const;
  /// <table> … </table>
  std::string html() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace pumice::formats
