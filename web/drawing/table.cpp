#include "web/drawing/table.h"

#include <imgui.h>

#include <algorithm>

namespace pumice::web {
namespace {

constexpr float kCellGap = 20;
constexpr float kRowPadding = 3;

/// Where the columns begin, relative to the first; the last entry is where the last one ends.
std::vector<float> columns_of(const Rows& rows) {
  std::vector<float> begins{0};
  for (size_t column = 0; column < rows[0].size(); ++column) {
    float width = 0;
    for (const std::vector<std::string>& row : rows) {
      width = std::max(width, ImGui::CalcTextSize(row[column].c_str()).x);
    }
    begins.push_back(begins.back() + width + kCellGap);
  }
  return begins;
}

float row_height(const std::vector<std::string>& row, float wrapped) {
  float height = 0;
  for (const std::string& cell : row) {
    const float width = &cell == &row.back() ? wrapped : -1;
    height = std::max(height, ImGui::CalcTextSize(cell.c_str(), nullptr, false, width).y);
  }
  return height;
}

void draw_cells(const std::vector<std::string>& row, const std::vector<float>& columns, float left,
                bool wraps) {
  for (size_t column = 0; column < row.size(); ++column) {
    if (column > 0) ImGui::SameLine(left + columns[column]);
    if (wraps && column + 1 == row.size()) {
      ImGui::TextWrapped("%s", row[column].c_str());
    } else {
      ImGui::TextUnformatted(row[column].c_str());
    }
  }
}

void draw_rows(const Rows& rows, bool is_scrolled) {
  const std::vector<float> columns = columns_of(rows);
  const float left = ImGui::GetCursorPosX();
  const float room = ImGui::GetContentRegionAvail().x;
  const float width = is_scrolled ? std::max(room, columns.back()) : room;
  for (const std::vector<std::string>& row : rows) {
    const bool is_title = is_scrolled && &row == rows.data();
    const float height = row_height(row, is_scrolled ? -1 : width - columns[row.size() - 1]);
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const ImVec2 end(corner.x + width, corner.y + height + 2 * kRowPadding);
    if ((&row - rows.data()) % 2 == 1) {
      ImGui::GetWindowDrawList()->AddRectFilled(corner, end,
                                                ImGui::GetColorU32(ImGuiCol_TableRowBgAlt));
    }
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + kRowPadding);
    if (is_title)
      ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyle().Colors[ImGuiCol_TextDisabled]);
    draw_cells(row, columns, left, !is_scrolled);
    if (is_title) ImGui::PopStyleColor();
    ImGui::SetCursorScreenPos(ImVec2(corner.x, end.y));
  }
  ImGui::Dummy(ImVec2(is_scrolled ? width : 0, 0));
}

}  // namespace

void draw_table(const char* id, const Rows& rows, bool is_scrolled) {
  if (rows.empty()) return;
  if (!is_scrolled) return draw_rows(rows, false);
  const float height =
      static_cast<float>(rows.size()) * (ImGui::GetTextLineHeight() + 2 * kRowPadding) +
      ImGui::GetStyle().ScrollbarSize;
  ImGui::BeginChild(id, ImVec2(0, height), ImGuiChildFlags_None,
                    ImGuiWindowFlags_HorizontalScrollbar);
  draw_rows(rows, true);
  ImGui::EndChild();
}

}  // namespace pumice::web
