#pragma once

#include <cstdint>
#include <string>

namespace pumice::web {

/// What a control is to a screen reader; control.cpp has the names that page/mirror.js knows.
enum class Role {
  kText,
  kHeading,
  kButton,
  kFold,  ///< a button that shows or hides what follows
  kCheckbox,
  kRadio,
  kTab,
  kRange,
  kField,
  kCombo,
  kOption,
  kImage,
  kImages,  ///< a grid of images that can each be pressed
  kPlane,   ///< arrows move something in it
};

/// A rectangle in CSS pixels.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const Box&) const = default;
};

/// Something that Dear ImGui has drawn, as assistive technology needs it.
struct Control {
  uint32_t id = 0;  ///< Dear ImGui's; 0 if it cannot be activated
  Role role = Role::kText;
  std::string name;
  std::string text;             ///< value in words; what all images of a grid belong to
  Box box;                      ///< the visible part
  bool is_out_of_view = false;  ///< scrolled away: `box` is at the nearest edge
  bool is_chosen = false;       ///< checked, selected or open
  bool can_be_chosen = false;   ///< so that a button has that state
  bool is_disabled = false;
  int layer = 0;  ///< windows with a higher layer cover this one

  double value = 0, least = 0, most = 0, step = 0;  ///< of a range

  uint32_t count = 0, columns = 1;  ///< of a grid of images
  float cell_width = 0, cell_height = 0;

  bool operator==(const Control&) const = default;
};

/// A keyboard step of a range: about a hundredth of it, as 1, 2 or 5 times a power of ten, but not
/// below the last of the `decimals` that are displayed.
double step_of(double least, double most, int decimals);
/// The number of decimals in a format of printf ("%.2f", "frame %d").
int decimals_of(const std::string& format);
/// The part of Dear ImGui's label that is displayed; without one, the part that identifies it.
std::string name_of(const std::string& label);

/// JSON in one line, with its end.
std::string to_line(const Control& control);

}  // namespace pumice::web
