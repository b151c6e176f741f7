#pragma once

#include <string>
#include <vector>

namespace pumice::web {

using Rows = std::vector<std::vector<std::string>>;

/// Texts in columns as wide as they need, with every other row on another ground. Dear ImGui's own
/// tables do much more, and take 9 kB of the page. The last column is wrapped, unless
/// `is_scrolled`: then the table scrolls sideways, and its first row has the columns' titles.
void draw_table(const char* id, const Rows& rows, bool is_scrolled = false);

}  // namespace pumice::web
