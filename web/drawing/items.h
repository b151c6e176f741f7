#pragma once

#include <optional>
#include <string>
#include <vector>

#include "web/drawing/control.h"

namespace pumice::web {

/// What the current frame has drawn, in reading order: Dear ImGui reports items with a label
/// (IMGUI_ENABLE_TEST_ENGINE), wrapped.cpp reports what Dear ImGui leaves out, and panels describe
/// images.

/// Makes Dear ImGui report items.
void watch_items();
/// Forgets the last frame's items, and what was to be done to those that it did not draw.
void begin_items();
const std::vector<Control>& items();
/// Where the last frame drew the item with that label ("Save PNG", "z3"), for tests that click it:
/// left, top, right, bottom in CSS pixels. Null if it did not. Valid until the next frame.
const float* find_item(const std::string& label);
/// Whether the last frame's item does something when it is clicked: images and headings do not.
bool is_clickable(uint32_t id);

/// Adds an item, or replaces what is known of it. Null if this frame has not laid it out. Valid
/// until the next call.
Control* note_item(uint32_t id, Role role, const std::string& label);
/// Adds one that is chosen or not.
void note_choice(uint32_t id, Role role, const std::string& label, bool is_chosen);
/// Describes the last item as a button that shows or hides something.
void note_fold(const std::string& label, bool is_open);
/// Adds text, at the last item's place; continues the text on its left.
void note_text(const char* text, const char* end, Role role = Role::kText);
/// The last text is a heading.
void note_heading();
/// Describes the last item as an image.
void note_image(const std::string& name);
/// Describes the last item as a grid of images. "sample" and "seed 1" give "sample 3 of 64, seed
/// 1". Returns the index of the image pressed by keyboard.
std::optional<uint32_t> note_images(const std::string& each, const std::string& whole,
                                    uint32_t count, uint32_t columns, float cell_width,
                                    float cell_height);
/// Describes the last item as a plane, and in words where in it something is. Returns the arrow
/// that was pressed to move that: left, right, up, down.
std::optional<uint32_t> note_plane(const std::string& name, const std::string& words);
/// Names the items without a label that are drawn while it exists.
class ItemScope {
 public:
  explicit ItemScope(const char* label);
  ~ItemScope();
  ItemScope(const ItemScope&) = delete;
  ItemScope& operator=(const ItemScope&) = delete;
};

}  // namespace pumice::web
