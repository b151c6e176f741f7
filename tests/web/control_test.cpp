#include "web/drawing/control.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace pumice::web {
namespace {

nlohmann::json read_line(const Control& control) {
  const std::string line = to_line(control);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return nlohmann::json::parse(line);
}

TEST(Control, is_a_line_of_json) {
  Control button{.id = 4000000000, .role = Role::kButton, .name = "Save PNG"};
  button.box = {10.4f, 20.5f, 110.4f, 45.5f};
  button.layer = 2;
  button.is_disabled = button.is_out_of_view = true;
  EXPECT_EQ(read_line(button),
            nlohmann::json::parse(R"({"role": "button", "id": 4000000000, "layer": 2,
    "box": [10, 21, 100, 25], "name": "Save PNG", "hidden": 1, "disabled": 1})"));
  EXPECT_EQ(
      read_line({.name = "text"}),
      nlohmann::json::parse(R"({"role": "text", "id": 0, "box": [0, 0, 0, 0], "name": "text"})"));
}

TEST(Control, names_its_role) {
  const std::vector<std::pair<Role, std::string>> names = {
      {Role::kText, "text"},     {Role::kHeading, "heading"},   {Role::kButton, "button"},
      {Role::kFold, "fold"},     {Role::kCheckbox, "checkbox"}, {Role::kRadio, "radio"},
      {Role::kTab, "tab"},       {Role::kRange, "range"},       {Role::kField, "field"},
      {Role::kCombo, "combo"},   {Role::kOption, "option"},     {Role::kImage, "image"},
      {Role::kImages, "images"},
  };
  for (const auto& [role, name] : names) EXPECT_EQ(read_line({.role = role})["role"], name);
}

TEST(Control, sends_ranges_exactly) {
  Control range{.id = 7, .role = Role::kRange, .name = "z3", .text = "0.10"};
  range.value = static_cast<double>(0.1f);
  range.least = -4;
  range.most = std::numeric_limits<double>::infinity();
  range.step = 0.1;
  const nlohmann::json line = read_line(range);
  EXPECT_EQ(static_cast<float>(line["value"].get<double>()), 0.1f);
  EXPECT_EQ(line["least"], -4);
  EXPECT_EQ(line["most"], 0);  // JSON has no infinity
  EXPECT_EQ(line["step"], 0.1);
  EXPECT_EQ(line["text"], "0.10");
}

TEST(Control, sends_grids_of_images) {
  Control grid{.id = 7, .role = Role::kImages, .name = "sample", .text = "seed 1"};
  grid.count = 64;
  grid.columns = 8;
  grid.cell_width = 30.25f;
  grid.cell_height = 31;
  const nlohmann::json line = read_line(grid);
  EXPECT_EQ(line["role"], "images");
  EXPECT_EQ(line["count"], 64);
  EXPECT_EQ(line["columns"], 8);
  EXPECT_EQ(line["cellWidth"], 30.25);
  EXPECT_EQ(line["cellHeight"], 31);
}

TEST(Control, keeps_names_whole) {
  const std::string name = "a \"quoted\" \\ кот";
  EXPECT_EQ(read_line({.name = name})["name"], name);
  EXPECT_EQ(read_line({.name = "two\nlines\tof\x01 text"})["name"], "two lines of  text");
}

TEST(Control, takes_names_from_labels) {
  EXPECT_EQ(name_of("Save PNG"), "Save PNG");
  EXPECT_EQ(name_of("Save PNG##2"), "Save PNG");
  EXPECT_EQ(name_of("##frame"), "frame");
  EXPECT_EQ(name_of("###frame"), "frame");
  EXPECT_EQ(name_of("##"), "");
  EXPECT_EQ(name_of(""), "");
}

TEST(Control, steps_by_round_numbers) {
  EXPECT_DOUBLE_EQ(step_of(-4, 4, 2), 0.1);
  EXPECT_DOUBLE_EQ(step_of(0, 1.5, 2), 0.02);
  EXPECT_DOUBLE_EQ(step_of(0, 1, 2), 0.01);
  EXPECT_DOUBLE_EQ(step_of(0, 1, 0), 1);
  EXPECT_DOUBLE_EQ(step_of(1, 60, 0), 1);
  EXPECT_DOUBLE_EQ(step_of(0, 1000, 0), 10);
  EXPECT_DOUBLE_EQ(step_of(0, 700, 0), 10);
  EXPECT_DOUBLE_EQ(step_of(3, 3, 1), 0.1);
}

TEST(Control, reads_decimals_of_formats) {
  EXPECT_EQ(decimals_of("%.2f"), 2);
  EXPECT_EQ(decimals_of("%.0f"), 0);
  EXPECT_EQ(decimals_of("%f"), 6);
  EXPECT_EQ(decimals_of("frame %d"), 0);
  EXPECT_EQ(decimals_of("v1.5: %d"), 0);
  EXPECT_EQ(decimals_of("none"), 0);
}

}  // namespace
}  // namespace pumice::web
