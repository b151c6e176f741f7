#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pumice::web {

/// What the user does to items without the mouse, by Dear ImGui's ids. It takes effect when the
/// item is drawn next.
void press_item(uint32_t id);
void press_image(uint32_t id, uint32_t index);
void set_item(uint32_t id, double value);
void type_item(uint32_t id, std::string text);
/// Scrolls it into view.
void reveal_item(uint32_t id);
void close_popups();

/// What the user has asked of that item, once: the latest, but every image or arrow that was
/// pressed, one in each frame.
std::optional<uint32_t> take_image(uint32_t id);
std::optional<double> take_value(uint32_t id);
std::optional<std::string> take_text(uint32_t id);
bool take_reveal(uint32_t id);

/// Forgets what concerned items that have not been drawn for a few frames.
void forget_old_requests();

}  // namespace pumice::web
