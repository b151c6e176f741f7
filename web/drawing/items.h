#pragma once

#include <string>

namespace pumice::web {

/// Where the last frame drew things, by their labels ("Save PNG", "tabs", "z3"): for tests, which
/// click them. Dear ImGui reports each item once watch_items() has been called.
struct ItemPlace {
  float left = 0, top = 0, right = 0, bottom = 0;  ///< CSS pixels
};

void watch_items();
/// Null where nothing has that label. Valid until the next call.
const ItemPlace* find_item(const std::string& label);

}  // namespace pumice::web
