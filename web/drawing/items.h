#pragma once

#include <string>

namespace pumice::web {

/// Where the last frame drew items, by label ("Save PNG", "tabs", "z3"), for tests that click them.
/// Dear ImGui reports items once watch_items() has been called.
struct ItemPlace {
  float left = 0, top = 0, right = 0, bottom = 0;  ///< CSS pixels
};

void watch_items();
/// Null if no item has that label. Valid until the next call.
const ItemPlace* find_item(const std::string& label);

}  // namespace pumice::web
