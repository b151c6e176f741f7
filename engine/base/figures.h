#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pumice {

/// A number that training or a test reports: "loss", "js", "accuracy".
struct Figure {
  std::string name;
  double value = 0;
  bool operator==(const Figure&) const = default;
};

/// In the order in which they are displayed and stored.
using Figures = std::vector<Figure>;

/// Throws Error, listing the names, if there is no such figure.
double value_of(const Figures& figures, std::string_view name);

}  // namespace pumice
