#pragma once

#include <imgui.h>

#include <cstdint>

namespace pumice::web {

/// What was last uploaded into a texture.
struct TextureContent {
  uint32_t version = 0;  ///< how often it has changed
  float width = 0;       ///< in texels; 0 if unknown
  float height = 0;
};

/// WebGL's number of a texture, as Dear ImGui keeps it.
ImTextureID id_of(unsigned texture);
unsigned texture_of(ImTextureID id);

/// Must be called when images have been uploaded into a texture.
void note_texture(unsigned texture, uint32_t width, uint32_t height);
TextureContent content_of(unsigned texture);

}  // namespace pumice::web
