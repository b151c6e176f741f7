#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pumice::web {

/// What the part of the address after '#' restores.
struct Permalink {
  std::string model;  ///< the file's name in models/index.json
  std::string tab;
  uint64_t seed = 1;
  float truncation = 1;
  std::vector<float> latent;  ///< the explored point; empty: the middle
};

/// Lines "key=value". What is missing or unreadable keeps its default: a link may be cut off.
Permalink permalink_from_lines(std::string_view lines);
std::string permalink_to_lines(const Permalink& link);

}  // namespace pumice::web
