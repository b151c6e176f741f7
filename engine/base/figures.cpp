#include "engine/base/figures.h"

#include "engine/base/require.h"

namespace pumice {

double value_of(const Figures& figures, std::string_view name) {
  std::string known;
  for (const Figure& figure : figures) {
    if (figure.name == name) return figure.value;
    known += known.empty() ? figure.name : ", " + figure.name;
  }
  fail("figures: expects one of {}, got '{}'", known, name);
}

}  // namespace pumice
