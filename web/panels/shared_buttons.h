#pragma once

#include <imgui.h>

#include "web/drawing/layout.h"
#include "web/panels/panel.h"
#include "web/state/workspace.h"

namespace pumice::web {

/// Buttons that make what `slot()` returns A or B of the interpolation, or a point on the way.
template <typename MakeSlot>
void end_buttons(Workspace& workspace, MakeSlot slot) {
  for (size_t i = 0; i < 2; ++i) {
    if (flow_button(i == 0 ? "Use as A" : "Use as B")) workspace.slots[i] = slot();
  }
  ImGui::BeginDisabled(workspace.way_points.size() >= kMostWayPoints);
  if (flow_button("Way-point")) workspace.way_points.push_back(slot());
  ImGui::EndDisabled();
}

/// Buttons that undo and redo changes on a tab, if `changes` (a History, a Paper) has any.
template <typename Changes>
void undo_buttons(Panel& panel, const Changes& changes) {
  ImGui::BeginDisabled(!changes.can_undo());
  if (flow_button("Undo")) panel.undo();
  ImGui::EndDisabled();
  ImGui::BeginDisabled(!changes.can_redo());
  if (flow_button("Redo")) panel.redo();
  ImGui::EndDisabled();
}

}  // namespace pumice::web
