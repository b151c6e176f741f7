#include "web/drawing/damage.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace pumice::web {
namespace {

constexpr int kTile = 32;  // device pixels
// The triangles of a longer command are not compared: hashing would take longer than drawing.
constexpr unsigned kMostIndices = 12000;

std::vector<uint32_t> versions;  // of each texture

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
  const auto texture = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(command.GetTexID()));
  const uint32_t version = texture < versions.size() ? versions[texture] : 0;
  uint32_t hash = mixed(mixed(1, texture), version);
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

Pixels united(const Pixels& a, const Pixels& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

// Rows of tiles that change in the same columns are one part.
void add_row(std::vector<Pixels>& parts, const Pixels& row) {
  const bool continues = !parts.empty() && parts.back().bottom == row.top &&
                         parts.back().left == row.left && parts.back().right == row.right;
  if (continues || parts.size() == Damage::kMostParts) {
    parts.back() = united(parts.back(), row);
  } else {
    parts.push_back(row);
  }
}

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
  std::vector<Pixels> parts;
  for (int row = 0; row < rows; ++row) {
    int first = columns, end = 0;
    for (int column = 0; column < columns; ++column) {
      const auto at = static_cast<size_t>(row * columns + column);
      if (tiles_[at] == last[at]) continue;
      first = std::min(first, column);
      end = column + 1;
    }
    if (end == 0) continue;
    add_row(parts, {first * kTile, row * kTile, std::min(end * kTile, width),
                    std::min((row + 1) * kTile, height)});
  }
  return parts;
}

std::vector<ImVec4> clips_of(const ImDrawData& frame) {
  std::vector<ImVec4> clips;
  for (const ImDrawList* list : frame.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) clips.push_back(command.ClipRect);
  }
  return clips;
}

// The backend scales a command's clipping and cuts off fractions, of sides and of left and bottom,
// so that it gets a quarter of a pixel more here.
void clip_frame(ImDrawData& frame, const std::vector<ImVec4>& clips, const Pixels& part,
                int height) {
  const float scale = frame.FramebufferScale.x;
  auto next = clips.begin();
  for (ImDrawList* list : frame.CmdLists) {
    for (ImDrawCmd& command : list->CmdBuffer) {
      ImVec4 clip = *next++;
      const int left = static_cast<int>(clip.x * scale);
      const int bottom = height - static_cast<int>(static_cast<float>(height) - clip.w * scale);
      const Pixels own{left, bottom - static_cast<int>((clip.w - clip.y) * scale),
                       left + static_cast<int>((clip.z - clip.x) * scale), bottom};
      const Pixels both{std::max(own.left, part.left), std::max(own.top, part.top),
                        std::min(own.right, part.right), std::min(own.bottom, part.bottom)};
      command.ClipRect = {0, 0, 0, 0};  // not drawn
      if (both.left >= both.right || both.top >= both.bottom) continue;
      clip = ImVec4(static_cast<float>(both.left) + 0.25f, static_cast<float>(both.top) - 0.5f,
                    static_cast<float>(both.right) + 0.5f, static_cast<float>(both.bottom) - 0.25f);
      command.ClipRect = {clip.x / scale, clip.y / scale, clip.z / scale, clip.w / scale};
    }
  }
}

void note_texture(unsigned texture) {
  if (texture >= versions.size()) versions.resize(texture + 1);
  ++versions[texture];
}

}  // namespace pumice::web
