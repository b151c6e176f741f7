#include "web/drawing/painter.h"

#include <GLES3/gl3.h>

#include <cmath>
#include <cstddef>

#include "web/drawing/textures.h"

namespace pumice::web {
namespace {

constexpr const char* kVertexShader = R"(#version 300 es
precision highp float;
layout(location = 0) in vec2 place;
layout(location = 1) in vec2 texel;
layout(location = 2) in vec4 color;
uniform vec2 to_screen;
out vec2 at;
out vec4 tint;
void main() {
  at = texel;
  tint = color;
  gl_Position = vec4(place * to_screen + vec2(-1, 1), 0, 1);
})";
constexpr const char* kFragmentShader = R"(#version 300 es
precision mediump float;
uniform sampler2D image;
in vec2 at;
in vec4 tint;
out vec4 color;
void main() { color = tint * texture(image, at); })";

void attach(GLuint program, GLenum type, const char* source) {
  const GLuint shader = glCreateShader(type);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  glAttachShader(program, shader);
  glDeleteShader(shader);
}

// Of Dear ImGui's vertices in the bound buffer.
void describe_vertices() {
  constexpr GLsizei kStride = sizeof(ImDrawVert);
  auto at = [](size_t offset) { return reinterpret_cast<const void*>(offset); };
  for (GLuint i = 0; i < 3; ++i) glEnableVertexAttribArray(i);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, kStride, at(offsetof(ImDrawVert, pos)));
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, kStride, at(offsetof(ImDrawVert, uv)));
  glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride, at(offsetof(ImDrawVert, col)));
}

// Cuts off fractions, of sides and of left and bottom, as Dear ImGui's own backends do.
Pixels clip_of(const ImVec4& clip, float scale, int height) {
  const int left = static_cast<int>(clip.x * scale);
  const int bottom = height - static_cast<int>(static_cast<float>(height) - clip.w * scale);
  return {left, bottom - static_cast<int>((clip.w - clip.y) * scale),
          left + static_cast<int>((clip.z - clip.x) * scale), bottom};
}

struct Extent {
  ImVec2 least, most;
  ImVec2 size() const { return {most.x - least.x, most.y - least.y}; }
};

Extent extent(const ImVec2& a, const ImVec2& b, const ImVec2& c) {
  return {{std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y})},
          {std::max({a.x, b.x, c.x}), std::max({a.y, b.y, c.y})}};
}

// All pixels that it touches.
Pixels pixels_of(const Extent& place, float scale) {
  return {static_cast<int>(std::floor(place.least.x * scale)),
          static_cast<int>(std::floor(place.least.y * scale)),
          static_cast<int>(std::ceil(place.most.x * scale)),
          static_cast<int>(std::ceil(place.most.y * scale))};
}

}  // namespace

void Painter::create() {
  program_ = glCreateProgram();
  attach(program_, GL_VERTEX_SHADER, kVertexShader);
  attach(program_, GL_FRAGMENT_SHADER, kFragmentShader);
  glLinkProgram(program_);
  glUseProgram(program_);
  to_screen_ = glGetUniformLocation(program_, "to_screen");
  glGenBuffers(1, &vertices_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  describe_vertices();
  glGenBuffers(1, &indices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  glGenSamplers(1, &nearest_);
  glSamplerParameteri(nearest_, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glSamplerParameteri(nearest_, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glSamplerParameteri(nearest_, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glSamplerParameteri(nearest_, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glEnable(GL_BLEND);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glEnable(GL_SCISSOR_TEST);
  font_ = 0;
  upload_font();
}

void Painter::upload_font() {
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
  if (font_ == 0) glGenTextures(1, &font_);
  glBindTexture(GL_TEXTURE_2D, font_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  atlas.SetTexID(id_of(font_));
}

void Painter::draw(const ImDrawData& frame, const std::vector<Pixels>& parts, int width,
                   int height) {
  if (parts.empty()) return;
  upload_vertices(frame);
  collect(frame, height);
  order_.clear();
  calls_.clear();
  for (const Pixels& part : parts) plan(part);
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(4 * order_.size()), order_.data(),
               GL_STREAM_DRAW);
  glViewport(0, 0, width, height);
  glUniform2f(to_screen_, 2 / frame.DisplaySize.x, -2 / frame.DisplaySize.y);
  const ImVec4 ground = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
  glClearColor(ground.x, ground.y, ground.z, 1);
  for (const Call& call : calls_) make(call, height);
}

void Painter::upload_vertices(const ImDrawData& frame) {
  constexpr GLsizeiptr kBytes = sizeof(ImDrawVert);
  glBufferData(GL_ARRAY_BUFFER, kBytes * frame.TotalVtxCount, nullptr, GL_STREAM_DRAW);
  GLintptr at = 0;
  for (const ImDrawList* list : frame.CmdLists) {
    const GLsizeiptr size = kBytes * list->VtxBuffer.Size;
    glBufferSubData(GL_ARRAY_BUFFER, at, size, list->VtxBuffer.Data);
    at += size;
  }
}

void Painter::collect(const ImDrawData& frame, int height) {
  triangles_.clear();
  uint32_t first_vertex = 0;
  for (const ImDrawList* list : frame.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      collect(*list, command, first_vertex, frame.FramebufferScale.x, height);
    }
    first_vertex += static_cast<uint32_t>(list->VtxBuffer.Size);
  }
}

void Painter::collect(const ImDrawList& list, const ImDrawCmd& command, uint32_t first_vertex,
                      float scale, int height) {
  Triangle triangle{.texture = texture_of(command.GetTexID()),
                    .clip = clip_of(command.ClipRect, scale, height)};
  const TextureContent content = content_of(triangle.texture);
  for (unsigned i = 0; i < command.ElemCount; i += 3) {
    const ImDrawVert* corners[3];
    for (unsigned k = 0; k < 3; ++k) {
      const uint32_t vertex = command.VtxOffset + list.IdxBuffer.Data[command.IdxOffset + i + k];
      corners[k] = &list.VtxBuffer.Data[vertex];
      triangle.vertices[k] = first_vertex + vertex;
    }
    const Extent place = extent(corners[0]->pos, corners[1]->pos, corners[2]->pos);
    triangle.box = pixels_of(place, scale);
    if (common(triangle.box, triangle.clip).empty()) continue;
    if (content.width > 0) {
      const ImVec2 texels = extent(corners[0]->uv, corners[1]->uv, corners[2]->uv).size();
      triangle.is_magnified = place.size().x * scale >= texels.x * content.width &&
                              place.size().y * scale >= texels.y * content.height;
    }
    triangles_.push_back(triangle);
  }
}

void Painter::plan(const Pixels& part) {
  calls_.push_back({.clip = part});
  for (const Triangle& triangle : triangles_) {
    if (common(triangle.box, part).empty()) continue;
    // Triangles that their command does not clip may be drawn with those of others.
    const Pixels clip = triangle.clip.contains(triangle.box) ? part : common(triangle.clip, part);
    if (!common(triangle.box, clip).empty()) add(triangle, clip);
  }
}

void Painter::add(const Triangle& triangle, const Pixels& clip) {
  const Call& last = calls_.back();
  if (last.texture != triangle.texture || last.is_magnified != triangle.is_magnified ||
      last.clip != clip) {
    calls_.push_back({triangle.texture, triangle.is_magnified, clip, order_.size()});
  }
  for (uint32_t vertex : triangle.vertices) order_.push_back(vertex);
  calls_.back().count += 3;
}

void Painter::make(const Call& call, int height) const {
  const Pixels& clip = call.clip;
  glScissor(clip.left, height - clip.bottom, clip.right - clip.left, clip.bottom - clip.top);
  if (call.texture == 0) return glClear(GL_COLOR_BUFFER_BIT);
  glBindTexture(GL_TEXTURE_2D, call.texture);
  // The same pixels as by the texture's own filters, in a third of the time where WebGL is
  // software.
  glBindSampler(0, call.is_magnified ? nearest_ : 0);
  glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(call.count), GL_UNSIGNED_INT,
                 reinterpret_cast<const void*>(4 * call.first));
}

}  // namespace pumice::web
