// The only file that depends on the target, Vulkan or WebGPU.
//   IN / OUT / INOUT (slot, type, name)   storage buffers: read, written, both
//   TEXELS (slot, name)                   uniform texel buffer of RGBA32F, in Vulkan-only kernels
//   VECTORS (slot, name), fetch(name, i)  vec4s that are read: a storage buffer or, in the kernel's
//                                         second form, for lavapipe, a texel buffer
//   PARAMS { uint count; };               4-byte scalars, at most 64 bytes
//   flat_id()                             the index of this thread in a grid that folds into y
// Vulkan: params are a push constant. WebGPU (PUMICE_WEB): a uniform block at group 1, binding 0.
#ifndef PUMICE_KERNEL_GLSL
#define PUMICE_KERNEL_GLSL

#define IN(slot, type, name) \
  layout(set = 0, binding = slot, std430) readonly restrict buffer In##slot { type name[]; }
#define INOUT(slot, type, name) \
  layout(set = 0, binding = slot, std430) restrict buffer InOut##slot { type name[]; }

#extension GL_EXT_samplerless_texture_functions : enable
#define TEXELS(slot, name) layout(set = 0, binding = slot) uniform textureBuffer name

#ifdef PUMICE_TEXELS
#define VECTORS(slot, name) TEXELS(slot, name)
#define fetch(name, index) texelFetch(name, int(index))
#else
#define VECTORS(slot, name) IN(slot, vec4, name)
#define fetch(name, index) name[index]
#endif

#ifdef PUMICE_WEB
#define PUMICE_WRITE_ONLY  // WGSL has only read and read_write
#define PARAMS layout(set = 1, binding = 0, std140) uniform Params
#else
#define PUMICE_WRITE_ONLY writeonly
#define PARAMS layout(push_constant, std430) uniform Params
#endif
#define OUT(slot, type, name) \
  layout(set = 0, binding = slot, std430) PUMICE_WRITE_ONLY restrict buffer Out##slot \
  { type name[]; }

// Grids of more than 65,535 groups fold into y; the kernel must ignore threads past the end.
uint flat_group() { return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x; }
// A macro: before the shader's local_size line, gl_WorkGroupSize would silently be 1.
#define flat_id() (flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x)

// Tensors are padded with zeros to whole vec4s. `index` counts vec4s, `count` elements: this zeroes
// the lanes past the end, so that reductions over padded buffers remain correct.
vec4 keep_padding_zero(vec4 value, uint index, uint count) {
  uvec4 lane = index * 4u + uvec4(0u, 1u, 2u, 3u);
  return mix(vec4(0.0), value, lessThan(lane, uvec4(count)));
}

#endif
