// Opens WebGPU for Pumice; to be called before the program starts:
//   const { gpuDevice, gpuAdapterInfo } = await openDevice(navigator.gpu);
//   await createPumice({ gpuDevice, gpuAdapterInfo, ... });
// Throws an Error whose message says what a person can do.

// Asked for as far as the adapter has them: the defaults are far below what models need.
const kLimits = [
  "maxStorageBufferBindingSize", "maxBufferSize", "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup", "maxComputeWorkgroupSizeX", "maxComputeWorkgroupStorageSize",
];

export async function openDevice(gpu) {
  if (!gpu) throw new Error("This browser has no WebGPU. Try a recent Chrome, Edge, Firefox or Safari.");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU finds no graphics adapter here. Is hardware acceleration switched off?");
  const requiredLimits = {};
  for (const limit of kLimits) requiredLimits[limit] = adapter.limits[limit];
  const gpuDevice = await adapter.requestDevice({ requiredLimits });
  return { gpuDevice, gpuAdapterInfo: adapter.info ?? gpuDevice.adapterInfo };
}
