// Opens WebGPU for Pumice; to be called before the program starts:
//   const { gpuDevice, gpuAdapterInfo } = await openDevice(navigator.gpu);
//   await createPumice({ gpuDevice, gpuAdapterInfo, ... });
// Throws an Error whose message says what a person can do.

// Asked for as far as the adapter has them: the defaults are far below what models need.
const kLimits = [
  "maxStorageBufferBindingSize", "maxBufferSize", "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup", "maxComputeWorkgroupSizeX", "maxComputeWorkgroupStorageSize",
];

// Browsers hide WebGPU from pages that came over plain http, other than this machine's own.
function whyNoGpu() {
  return globalThis.isSecureContext !== false ? "This browser has no WebGPU. Try a recent Chrome, Edge, Firefox or Safari."
    : `WebGPU needs a secure address, https or localhost, but this page came from ${location.origin}. Open it by https, ` +
      "or by localhost on the machine that serves it.";
}

// Browsers say in one of two places whether an adapter computes in software.
function describe(adapter, info = {}) {
  const { vendor, architecture, device, description } = info;
  const isFallbackAdapter = Boolean(info.isFallbackAdapter || adapter.isFallbackAdapter);
  return { vendor, architecture, device, description, isFallbackAdapter };
}

export async function openDevice(gpu) {
  if (!gpu) throw new Error(whyNoGpu());
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU finds no graphics adapter here. Is hardware acceleration switched off?");
  const requiredLimits = {};
  for (const limit of kLimits) requiredLimits[limit] = adapter.limits[limit];
  const gpuDevice = await adapter.requestDevice({ requiredLimits });
  return { gpuDevice, gpuAdapterInfo: describe(adapter, adapter.info ?? gpuDevice.adapterInfo) };
}
