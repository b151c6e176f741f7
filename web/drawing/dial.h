#pragma once

#include <imgui.h>

#include "web/drawing/image_view.h"

namespace pumice::web {

/// A slider from -reach to reach whose track shows `images` along it, which may be empty. Dragging,
/// the wheel, Control and a click (to type a number) and a double click (0) change `value`. A
/// locked one cannot be changed.
void dial(const char* label, float& value, float reach, ImVec2 size, ImageView& images,
          bool is_locked);

}  // namespace pumice::web
