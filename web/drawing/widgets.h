#pragma once

#include <imgui.h>

#include <string>

#include "web/drawing/font.h"
#include "web/drawing/picture.h"

namespace pumice::web {

/// Text of a style, on one line.
void text(TextStyle style, const std::string& words);
/// Text that steps back: explanations, units. Wraps.
void quiet_text(const std::string& words);

/// The button that is meant most often, in the accent's colour.
bool main_button(const char* label);
/// One of several alternatives; the chosen one has the accent's colour.
bool choice_button(const char* label, bool is_chosen);
/// A small button with an icon; `label` is its name for tests, tooltips and assistive technology.
enum class Icon { kLock, kUnlock, kReset };
float icon_width();
bool icon_button(const char* label, Icon icon, bool is_on = false);

/// A line that shows and hides what follows; ends with ImGui::TreePop() if it returns true.
bool begin_fold(const char* label);

/// A quiet link "what is …?" next to the last item, which opens an explanation.
void what_is(const char* link, const char* explanation, Picture picture = Picture::kNone);

/// How much of a file has arrived; `total` is 0 if unknown.
void progress_bar(double received, double total, float width);

/// A letter in a coloured square, at the corner of a rectangle of the screen.
void badge(ImVec2 corner, const char* letter, bool is_chosen = true);
/// A frame around a rectangle of the screen.
void frame(ImVec2 from, ImVec2 to, ImU32 color, float thickness = 2);

}  // namespace pumice::web
