#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pumice {

/// A number that training or a test reports: "loss", "js", "accuracy".
struct Metric {
  std::string name;
  double value = 0;
  bool operator==(const Metric&) const = default;
};

/// In the order in which they are displayed and stored.
using Metrics = std::vector<Metric>;

/// Throws Error, listing the names, if there is no such metric.
double value_of(const Metrics& metrics, std::string_view name);

}  // namespace pumice
