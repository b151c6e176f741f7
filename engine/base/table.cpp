#include "engine/base/table.h"

#include <algorithm>

#include "engine/base/escape.h"
#include "engine/base/require.h"

namespace pumice {
namespace {

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == cell.npos) return cell;
  std::string quoted = "\"";
  for (char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string markdown_cell(const std::string& cell) {
  std::string text;
  for (char c : cell) text += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
  return text;
}

}  // namespace

void Table::add(Row row) {
  require(row.size() == rows_[0].size(), "table: expected {} cells, got {}", rows_[0].size(),
          row.size());
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<size_t> widths(rows_[0].size());
  for (const Row& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

std::string Table::csv() const {
  std::string text;
  for (const Row& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + csv_cell(row[i]);
    text += "\n";
  }
  return text;
}

std::string Table::markdown() const {
  std::string text;
  for (size_t index = 0; index < rows_.size(); ++index) {
    for (const std::string& cell : rows_[index]) text += "| " + markdown_cell(cell) + " ";
    text += "|\n";
    if (index > 0) continue;
    for (size_t i = 0; i < rows_[0].size(); ++i) text += "|---";
    text += "|\n";
  }
  return text;
}

std::string Table::html() const {
  std::string text = "<table>\n";
  for (size_t index = 0; index < rows_.size(); ++index) {
    const std::string_view tag = index == 0 ? "th" : "td";
    text += "<tr>";
    for (const std::string& cell : rows_[index]) {
      text += fmt::format("<{0}>{1}</{0}>", tag, escaped_html(cell));
    }
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

}  // namespace pumice
