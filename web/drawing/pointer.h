#pragma once

namespace pumice::web {

/// Events from the page, with the numbers of JavaScript. A finger presses or scrolls: see Touch.
void on_pointer(double x, double y, bool is_touch);
void on_button(int button, bool down);
void on_wheel(double x, double y);

/// For the last item, which draws under a finger at once: up and down strokes do not scroll there.
void claim_touch();
/// Shows a cross as the mouse cursor in this frame.
void want_cross_cursor();

/// At the end of a frame, which knows what is under the pointer: scrolls, and shows the cursor.
void settle_pointer();

}  // namespace pumice::web
