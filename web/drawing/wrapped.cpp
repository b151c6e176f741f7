// Functions of Dear ImGui that report too little about what they draw, wrapped by the linker
// (--wrap, in web/CMakeLists.txt): calls of ImGui::f arrive at __wrap_f, and __real_f is the
// original. Their names are those of the Itanium C++ ABI; va_list is void* in WebAssembly.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "web/drawing/items.h"
#include "web/drawing/requests.h"

namespace pumice::web {
namespace {

double to_number(ImGuiDataType type, const void* data) {
  switch (type) {
    case ImGuiDataType_S32:
      return *static_cast<const ImS32*>(data);
    case ImGuiDataType_U32:
      return *static_cast<const ImU32*>(data);
    case ImGuiDataType_Float:
      return static_cast<double>(*static_cast<const float*>(data));
    case ImGuiDataType_Double:
      return *static_cast<const double*>(data);
    default:
      return 0;  // the page has no sliders of other types
  }
}

void set_number(ImGuiDataType type, void* data, double value) {
  switch (type) {
    case ImGuiDataType_S32:
      *static_cast<ImS32*>(data) = static_cast<ImS32>(value);
      break;
    case ImGuiDataType_U32:
      *static_cast<ImU32*>(data) = static_cast<ImU32>(value);
      break;
    case ImGuiDataType_Float:
      *static_cast<float*>(data) = static_cast<float>(value);
      break;
    case ImGuiDataType_Double:
      *static_cast<double*>(data) = value;
      break;
    default:
      break;
  }
}

ImGuiID id_of(const char* label) { return ImGui::GetCurrentWindow()->GetID(label); }

bool is_popup() { return (ImGui::GetCurrentWindow()->Flags & ImGuiWindowFlags_Popup) != 0; }

/// The value of a slider, in words.
std::string words_of(ImGuiDataType type, const void* data, const char* format) {
  char words[64];
  const int length = ImGui::DataTypeFormatString(words, sizeof words, type, data, format);
  return {words, static_cast<size_t>(length)};
}

}  // namespace
}  // namespace pumice::web

using namespace pumice::web;

#define WRAP(result, function, ...)      \
  result __real_##function(__VA_ARGS__); \
  result __wrap_##function(__VA_ARGS__)

// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

WRAP(void, _ZN5ImGui5TextVEPKcPv, const char* format, va_list values) {
  va_list again;
  va_copy(again, values);
  __real__ZN5ImGui5TextVEPKcPv(format, values);
  const char* text = nullptr;
  const char* end = nullptr;
  ImFormatStringToTempBufferV(&text, &end, format, again);
  va_end(again);
  note_text(text, end);
}

WRAP(void, _ZN5ImGui15TextUnformattedEPKcS1_, const char* text, const char* end) {
  __real__ZN5ImGui15TextUnformattedEPKcS1_(text, end);
  note_text(text, end);
}

WRAP(void, _ZN5ImGui13SeparatorTextEPKc, const char* label) {
  __real__ZN5ImGui13SeparatorTextEPKc(label);
  note_text(label, nullptr, Role::kHeading);
}

WRAP(bool, _ZN5ImGui8ButtonExEPKcRK6ImVec2i, const char* label, const ImVec2& size, int flags) {
  const bool is_pressed = __real__ZN5ImGui8ButtonExEPKcRK6ImVec2i(label, size, flags);
  note_item(id_of(label), Role::kButton, label);
  return is_pressed;
}

WRAP(bool, _ZN5ImGui11RadioButtonEPKcb, const char* label, bool is_chosen) {
  const bool is_pressed = __real__ZN5ImGui11RadioButtonEPKcb(label, is_chosen);
  note_choice(id_of(label), Role::kRadio, label, is_chosen);
  return is_pressed;
}

WRAP(bool, _ZN5ImGui10SelectableEPKcbiRK6ImVec2, const char* label, bool is_chosen, int flags,
     const ImVec2& size) {
  const ImGuiID id = id_of(label);  // choosing closes the popup
  const Role role = is_popup() ? Role::kOption : Role::kButton;
  const bool is_pressed =
      __real__ZN5ImGui10SelectableEPKcbiRK6ImVec2(label, is_chosen, flags, size);
  note_choice(id, role, label, is_chosen);
  return is_pressed;
}

WRAP(bool, _ZN5ImGui10BeginComboEPKcS1_i, const char* label, const char* preview, int flags) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImGuiID id = window->GetID(label);
  const bool is_open = __real__ZN5ImGui10BeginComboEPKcS1_i(label, preview, flags);
  ImGuiContext& context = *ImGui::GetCurrentContext();
  ImGuiWindow* list = std::exchange(context.CurrentWindow, window);  // the list's, if it is open
  if (Control* control = note_item(id, Role::kCombo, label)) {
    control->text = preview == nullptr ? "" : preview;
    control->is_chosen = is_open;
  }
  context.CurrentWindow = list;
  return is_open;
}

WRAP(bool, _ZN5ImGui12SliderScalarEPKciPvPKvS4_S1_i, const char* label, int type, void* data,
     const void* least, const void* most, const char* format, int flags) {
  const ImGuiID id = id_of(label);
  const std::optional<double> wanted = take_value(id);
  if (wanted) {
    set_number(type, data, std::clamp(*wanted, to_number(type, least), to_number(type, most)));
  }
  const bool is_changed = __real__ZN5ImGui12SliderScalarEPKciPvPKvS4_S1_i(label, type, data, least,
                                                                          most, format, flags);
  if (format == nullptr) format = ImGui::DataTypeGetInfo(type)->PrintFmt;
  if (Control* control = note_item(id, Role::kRange, label)) {
    control->value = to_number(type, data);
    control->least = to_number(type, least);
    control->most = to_number(type, most);
    control->step = step_of(control->least, control->most, decimals_of(format));
    if (!control->is_out_of_view) control->text = words_of(type, data, format);
  }
  return is_changed || wanted;
}

// Numbers are typed into the mirror's fields; this leaves out Dear ImGui's.
WRAP(bool, _ZN5ImGui15TempInputScalarERK6ImRectjPKciPvS4_PKvS7_, const ImRect&, ImGuiID,
     const char*, int, void*, const char*, const void*, const void*) {
  return false;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
