#include "web/drawing/damage.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "web/drawing/textures.h"

namespace pumice::web {
namespace {

constexpr int kTile = 32;  // device pixels
// The triangles of a longer command are not compared: hashing would take longer than drawing.
constexpr unsigned kMostIndices = 12000;

uint32_t mixed(uint32_t hash, uint32_t value) {
  hash = (hash ^ value) * 0x9e3779b1u;
  return hash ^ hash >> 15;
}

uint32_t mixed(uint32_t hash, const ImDrawVert& vertex) {
  for (float value : {vertex.pos.x, vertex.pos.y, vertex.uv.x, vertex.uv.y}) {
    hash = mixed(hash, std::bit_cast<uint32_t>(value));
  }
  return mixed(hash, vertex.col);
}

uint32_t hash_of(const ImDrawCmd& command) {
  const unsigned texture = texture_of(command.GetTexID());
  uint32_t hash = mixed(mixed(1, texture), content_of(texture).version);
  const ImVec4& clip = command.ClipRect;
  for (float value : {clip.x, clip.y, clip.z, clip.w}) {
    hash = mixed(hash, std::bit_cast<uint32_t>(value));
  }
  return hash;
}

// The hashes of a canvas's tiles, while a frame's triangles are added.
class Tiles {
 public:
  Tiles(const ImDrawData& frame, int columns, int rows)
      : scale_(frame.FramebufferScale.x / kTile),
        columns_(columns),
        rows_(rows),
        hashes_(static_cast<size_t>(columns * rows), 1) {}

  void add(const ImDrawList& list, const ImDrawCmd& command) {
    const uint32_t start = hash_of(command);
    const unsigned step = command.ElemCount > kMostIndices ? command.ElemCount : 3;
    for (unsigned i = 0; i < command.ElemCount; i += step) {
      uint32_t hash = start;
      ImVec4 box(1e9f, 1e9f, -1e9f, -1e9f);
      for (unsigned k = i; k < i + step; ++k) {
        const ImDrawVert& vertex =
            list.VtxBuffer.Data[command.VtxOffset + list.IdxBuffer.Data[command.IdxOffset + k]];
        hash = mixed(hash, vertex);
        box = {std::min(box.x, vertex.pos.x), std::min(box.y, vertex.pos.y),
               std::max(box.z, vertex.pos.x), std::max(box.w, vertex.pos.y)};
      }
      const ImVec4& clip = command.ClipRect;
      note({std::max(box.x, clip.x), std::max(box.y, clip.y), std::min(box.z, clip.z),
            std::min(box.w, clip.w)},
           hash);
    }
  }

  std::vector<uint32_t> take() { return std::move(hashes_); }

 private:
  void note(const ImVec4& box, uint32_t hash) {
    const int left = std::max(0, static_cast<int>(box.x * scale_));
    const int right = std::min(columns_ - 1, static_cast<int>(box.z * scale_));
    const int bottom = std::min(rows_ - 1, static_cast<int>(box.w * scale_));
    if (box.z < box.x || box.w < box.y) return;
    for (int row = std::max(0, static_cast<int>(box.y * scale_)); row <= bottom; ++row) {
      for (int column = left; column <= right; ++column) {
        uint32_t& tile = hashes_[static_cast<size_t>(row * columns_ + column)];
        tile = mixed(tile, hash);
      }
    }
  }

  float scale_;
  int columns_, rows_;
  std::vector<uint32_t> hashes_;
};

}  // namespace

std::vector<Pixels> Damage::update(const ImDrawData& frame, int width, int height) {
  const int columns = (width + kTile - 1) / kTile;
  const int rows = (height + kTile - 1) / kTile;
  Tiles tiles(frame, columns, rows);
  for (const ImDrawList* list : frame.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) tiles.add(*list, command);
  }
  std::vector<uint32_t> last = std::exchange(tiles_, tiles.take());
  const bool is_other = std::exchange(columns_, columns) != columns;
  if (is_other || last.size() != tiles_.size()) {
    return {{0, 0, width, height}};
  }
  std::vector<uint8_t> changed(last.size());
  for (size_t i = 0; i < last.size(); ++i) changed[i] = tiles_[i] != last[i] ? 1 : 0;
  std::vector<Pixels> parts = parts_of(changed, columns);
  for (Pixels& part : parts) {
    part = common({part.left * kTile, part.top * kTile, part.right * kTile, part.bottom * kTile},
                  {0, 0, width, height});
  }
  return parts;
}

}  // namespace pumice::web
