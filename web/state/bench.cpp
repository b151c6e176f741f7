#include "web/state/bench.h"

#include <algorithm>

namespace pumice::web {

std::vector<std::vector<std::string>> bench_rows(const std::string& lines) {
  std::vector<std::vector<std::string>> rows;
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = std::min(lines.find('\n', begin), lines.size());
    const std::string line = lines.substr(begin, end - begin);
    const size_t tab = std::min(line.find('\t'), line.size());
    rows.push_back({line.substr(0, tab), line.substr(std::min(tab + 1, line.size()))});
    begin = end + 1;
  }
  return rows;
}

}  // namespace pumice::web
