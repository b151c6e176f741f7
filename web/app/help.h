#pragma once

namespace pumice::web {

/// The window of keyboard shortcuts; closing it sets `shown` to false. Returns true if the user
/// wants the tour.
bool draw_help(bool& shown);

}  // namespace pumice::web
