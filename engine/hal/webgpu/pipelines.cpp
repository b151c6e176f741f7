#include "engine/hal/webgpu/pipelines.h"

#include <bit>

#include "engine/base/require.h"
#include "engine/hal/webgpu/browser.h"

namespace pumice::hal::webgpu {
namespace {

int build(const Kernel& kernel, const std::vector<uint32_t>& constants) {
  require(!kernel.wgsl.empty(), "webgpu: kernel {} has no WGSL form", kernel.name);
  std::vector<int> accesses;
  for (Access access : kernel.bindings) accesses.push_back(writes(access) ? 1 : 0);
  std::vector<double> values = constant_values(constants, kernel.constant_types);
  return pumice_gpu_pipeline(kernel.wgsl.data(), static_cast<int>(kernel.wgsl.size()),
                             accesses.data(), static_cast<int>(accesses.size()),
                             kernel.params_bytes != 0, values.data(),
                             static_cast<int>(values.size()));
}

}  // namespace

int Pipelines::pipeline(const Dispatch& dispatch) {
  Key key(dispatch.kernel, dispatch.constants);
  auto found = pipelines_.find(key);
  if (found != pipelines_.end()) return found->second;
  return pipelines_[std::move(key)] = build(*dispatch.kernel, dispatch.constants);
}

std::vector<double> constant_values(const std::vector<uint32_t>& words, std::string_view types) {
  std::vector<double> values;
  for (size_t i = 0; i < words.size(); ++i) {
    if (types[i] == 'f') values.push_back(std::bit_cast<float>(words[i]));
    if (types[i] == 'i') values.push_back(std::bit_cast<int32_t>(words[i]));
    if (types[i] == 'u') values.push_back(words[i]);
  }
  return values;
}

}  // namespace pumice::hal::webgpu
