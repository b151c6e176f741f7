#pragma once

#include <string>

#include "engine/base/table.h"
#include "engine/benchmark/measurement.h"

namespace pumice::benchmark {

/// A bar of a chart.
struct Bar {
  std::string name;
  double length = 0;      ///< 0 … 1; longer ones are cut
  std::string text = {};  ///< the value, beside it
  bool is_wrong = false;
  bool is_second = false;  ///< of two results
};

/// A group of measurements as people read it.
struct Section {
  std::string title;
  Table table;
  std::string note = {};  ///< a sentence below the table; may be empty
  std::string bars_title = {};
  std::vector<Bar> bars = {};  ///< may be empty
};

/// One for each group that was measured. A speed with wrong losses is struck through: ~~1,234~~.
std::vector<Section> sections_of(const Result& result);

/// The header line and the sections' tables, to be pasted into a forum.
std::string to_markdown(const Result& result);

/// A row for each measurement.
std::string to_csv(const Result& result);

/// "24,610", "81.2", "0.00123": four digits, thousands separated.
std::string number_text(double value);

}  // namespace pumice::benchmark
