#pragma once

namespace pumice::web {

/// The window of shortcuts; closing it makes `shown` false.
void draw_help(bool& shown);

}  // namespace pumice::web
