// Opens WebGPU for Pumice; call it before the program starts:
//   const { gpuDevice, gpuAdapterInfo } = await openDevice(navigator.gpu);
//   await createPumice({ gpuDevice, gpuAdapterInfo, ... });
// Throws an Error whose message tells the user what to do; with `acceptsSoftware` false, also if the
// adapter is only emulated on the processor.

// Requested at the adapter's maximum: the defaults are far below what models need.
const kLimits = [
  "maxStorageBufferBindingSize", "maxBufferSize", "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup", "maxComputeWorkgroupSizeX", "maxComputeWorkgroupStorageSize",
];

// Browsers hide WebGPU from pages served over plain http, except from localhost.
function whyNoGpu() {
  return globalThis.isSecureContext !== false ? "This browser has no WebGPU. Try a recent Chrome, Edge, Firefox or Safari."
    : `WebGPU needs a secure address, https or localhost, but this page came from ${location.origin}. Open it over https, ` +
      "or at localhost on the machine that serves it.";
}

// Browsers report it in one of two places.
function isSoftware(adapter, info) {
  return Boolean(info?.isFallbackAdapter || adapter.isFallbackAdapter);
}

function describe(adapter, info = {}) {
  const { vendor, architecture, device, description } = info;
  return { vendor, architecture, device, description, isFallbackAdapter: isSoftware(adapter, info) };
}

export async function openDevice(gpu, { acceptsSoftware = true } = {}) {
  if (!gpu) throw new Error(whyNoGpu());
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU found no graphics adapter. Is hardware acceleration turned off?");
  if (!acceptsSoftware && isSoftware(adapter, adapter.info)) {
    throw new Error("WebGPU has no graphics card here, only the processor.");
  }
  const requiredLimits = {};
  for (const limit of kLimits) requiredLimits[limit] = adapter.limits[limit];
  const gpuDevice = await adapter.requestDevice({ requiredLimits });
  return { gpuDevice, gpuAdapterInfo: describe(adapter, adapter.info ?? gpuDevice.adapterInfo) };
}
