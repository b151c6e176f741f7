#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace pumice::test {

/// What the script of a report reads.
inline nlohmann::json report_data(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const size_t at = page.find(begin) + begin.size();
  return nlohmann::json::parse(page.substr(at, page.find("</script>", at) - at), nullptr, false);
}

}  // namespace pumice::test
