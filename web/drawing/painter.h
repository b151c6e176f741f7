#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "web/drawing/parts.h"

namespace pumice::web {

/// Draws Dear ImGui's triangles by WebGL2, in place of its own backend, which draws whole frames.
/// Nothing else may change WebGL's state but the binding of textures and their parameters.
class Painter {
 public:
  /// Creates all WebGL objects; again after a lost context has been restored.
  void create();
  /// Uploads Dear ImGui's font atlas.
  void upload_font();
  /// Draws parts of a frame on a canvas of this size. In a part, only the triangles that touch it
  /// are drawn, in as few calls as possible.
  void draw(const ImDrawData& frame, const std::vector<Pixels>& parts, int width, int height);

 private:
  struct Triangle {
    unsigned texture = 0;
    bool is_magnified = false;  ///< its images are not smaller on the screen than in the texture
    Pixels clip;                ///< of its command
    Pixels box;
    uint32_t vertices[3] = {};
  };
  /// Consecutive triangles of one drawing call, or what clears a part if `texture` is 0.
  struct Call {
    unsigned texture = 0;
    bool is_magnified = false;
    Pixels clip;
    size_t first = 0, count = 0;  ///< of the indices
  };
  void upload_vertices(const ImDrawData& frame);
  void collect(const ImDrawData& frame, int height);
  void collect(const ImDrawList& list, const ImDrawCmd& command, uint32_t first_vertex, float scale,
               int height);
  void plan(const Pixels& part);
  void add(const Triangle& triangle, const Pixels& clip);
  void make(const Call& call, int height) const;

  unsigned program_ = 0, vertices_ = 0, indices_ = 0, font_ = 0, nearest_ = 0;
  int to_screen_ = 0;  ///< the uniform
  // Of the frame that is being drawn.
  std::vector<Triangle> triangles_;
  std::vector<uint32_t> order_;
  std::vector<Call> calls_;
};

}  // namespace pumice::web
