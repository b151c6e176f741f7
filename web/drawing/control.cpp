#include "web/drawing/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace pumice::web {
namespace {

constexpr std::array<const char*, 14> kRoles = {"text",   "heading", "button", "fold",  "checkbox",
                                                "radio",  "tab",     "range",  "field", "combo",
                                                "option", "image",   "images", "plane"};

void put_text(std::string& line, const char* key, const std::string& text) {
  line += fmt::format(",\"{}\":\"", key);
  for (char letter : text) {
    if (letter == '"' || letter == '\\') line += '\\';
    line += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
  }
  line += '"';
}

void put_flag(std::string& line, const char* key, bool is_set) {
  if (is_set) line += fmt::format(",\"{}\":1", key);
}

// JSON has no infinities.
void put_number(std::string& line, const char* key, double value) {
  line += fmt::format(",\"{}\":{:.9g}", key, std::isfinite(value) ? value : 0);
}

int whole(float value) { return static_cast<int>(std::lround(value)); }

void put_details(std::string& line, const Control& control) {
  if (control.role == Role::kRange) {
    put_number(line, "value", control.value);
    put_number(line, "least", control.least);
    put_number(line, "most", control.most);
    put_number(line, "step", control.step);
  }
  if (control.role == Role::kImages) {
    line += fmt::format(",\"count\":{},\"columns\":{}", control.count, control.columns);
    put_number(line, "cellWidth", control.cell_width);
    put_number(line, "cellHeight", control.cell_height);
  }
}

}  // namespace

std::string to_line(const Control& control) {
  const Box& box = control.box;
  std::string line =
      fmt::format("{{\"role\":\"{}\",\"id\":{},\"box\":[{},{},{},{}]",
                  kRoles[static_cast<size_t>(control.role)], control.id, whole(box.left),
                  whole(box.top), whole(box.right - box.left), whole(box.bottom - box.top));
  put_text(line, "name", control.name);
  if (!control.text.empty()) put_text(line, "text", control.text);
  put_flag(line, "hidden", control.is_out_of_view);
  put_flag(line, "chosen", control.is_chosen);
  put_flag(line, "choosable", control.can_be_chosen);
  put_flag(line, "disabled", control.is_disabled);
  if (control.layer != 0) line += fmt::format(",\"layer\":{}", control.layer);
  put_details(line, control);
  line += "}\n";
  return line;
}

double step_of(double least, double most, int decimals) {
  const double smallest = std::pow(10.0, -decimals);
  const double wanted = (most - least) / 100;
  if (!(wanted > smallest)) return smallest;
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= wanted * (1 - 1e-6)) return factor * power;
  }
  return 10 * power;
}

int decimals_of(const std::string& format) {
  const size_t sign = format.find('%');
  if (sign == std::string::npos) return 0;
  const size_t type = format.find_first_of("dufeg", sign);
  const size_t point = format.find('.', sign);
  if (type == std::string::npos || format[type] == 'd' || format[type] == 'u') return 0;
  constexpr int kPrintfDefault = 6;
  return point < type ? std::atoi(&format[point + 1]) : kPrintfDefault;
}

std::string name_of(const std::string& label) {
  const size_t hidden = label.find("##");
  if (hidden == std::string::npos) return label;
  if (hidden > 0) return label.substr(0, hidden);
  return label.substr(std::min(label.size(), label.find_first_not_of('#')));
}

}  // namespace pumice::web
