#include "engine/base/metrics.h"

#include "engine/base/require.h"

namespace pumice {

double value_of(const Metrics& metrics, std::string_view name) {
  std::string known;
  for (const Metric& metric : metrics) {
    if (metric.name == name) return metric.value;
    known += known.empty() ? metric.name : ", " + metric.name;
  }
  fail("metrics: expects one of {}, got '{}'", known, name);
}

}  // namespace pumice
