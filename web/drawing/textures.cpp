#include "web/drawing/textures.h"

#include <vector>

namespace pumice::web {
namespace {

std::vector<TextureContent> contents;  // by texture

}  // namespace

ImTextureID id_of(unsigned texture) {
  return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(texture));
}

unsigned texture_of(ImTextureID id) {
  return static_cast<unsigned>(reinterpret_cast<uintptr_t>(id));
}

void note_texture(unsigned texture, uint32_t width, uint32_t height) {
  if (texture >= contents.size()) contents.resize(texture + 1);
  contents[texture] = {contents[texture].version + 1, static_cast<float>(width),
                       static_cast<float>(height)};
}

TextureContent content_of(unsigned texture) {
  return texture < contents.size() ? contents[texture] : TextureContent{};
}

}  // namespace pumice::web
