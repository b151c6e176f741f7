#pragma once

namespace pumice::web {

/// The window of keyboard shortcuts; closing it sets `shown` to false.
void draw_help(bool& shown);

}  // namespace pumice::web
