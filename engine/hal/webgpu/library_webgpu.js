// The browser side of the WebGPU device; browser.h declares these functions. Objects are kept in
// one table, and C++ holds their indices; 0 means none.
addToLibrary({
  $PumiceGpu: {
    device: null,
    lost: "",
    errors: [],
    objects: [null],
    free: [],
    paramsLayout: null,
    readBuffers: [],  // MAP_READ buffers for reuse
    encoder: null,    // open commands, to be submitted together with the next copy to the host
    memory: [0, 0],   // the number of buffers and their bytes

    add(object) {
      const index = PumiceGpu.free.length ? PumiceGpu.free.pop() : PumiceGpu.objects.length;
      PumiceGpu.objects[index] = object;
      return index;
    },

    buffer(size, usage) {
      const buffer = PumiceGpu.device.createBuffer({ size, usage });
      PumiceGpu.count(1, size);
      return buffer;
    },

    count(buffers, bytes) {
      PumiceGpu.memory = [PumiceGpu.memory[0] + buffers, PumiceGpu.memory[1] + bytes];
    },

    destroy(buffer) {
      PumiceGpu.count(-1, -buffer.size);
      buffer.destroy();
    },

    // Also used to replace a lost device, whose late events are then ignored.
    open(device) {
      Object.assign(PumiceGpu, { device, lost: "", errors: [] });
      Object.assign(PumiceGpu, { readBuffers: [], encoder: null, memory: [0, 0] });
      const isCurrent = () => PumiceGpu.device === device;
      PumiceGpu.paramsLayout = device.createBindGroupLayout({
        entries: [{
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: "uniform", hasDynamicOffset: true },
        }],
      });
      device.addEventListener("uncapturederror", (event) => {
        if (isCurrent()) PumiceGpu.report(event.error.message, event.error instanceof GPUOutOfMemoryError);
      });
      device.lost.then((info) => {
        if (isCurrent()) PumiceGpu.lost = info.message || info.reason || "no reason";
      });
    },

    report(message, isOutOfMemory = false) {
      if (PumiceGpu.errors.length < 16) PumiceGpu.errors.push({ message, isOutOfMemory });
    },

    bindingLayout(accesses) {
      const entries = accesses.map((writes, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: writes ? "storage" : "read-only-storage" },
      }));
      return PumiceGpu.device.createBindGroupLayout({ entries });
    },

    paramsGroup(pointer, bytes) {
      if (!bytes) return {};
      const device = PumiceGpu.device;
      const buffer = PumiceGpu.buffer(bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
      device.queue.writeBuffer(buffer, 0, HEAPU8, pointer, bytes);
      const resource = { buffer, size: 256 };
      const entries = [{ binding: 0, resource }];
      return { buffer, group: device.createBindGroup({ layout: PumiceGpu.paramsLayout, entries }) };
    },

    // One row of the table: see pumice_gpu_program in browser.h.
    dispatch(numbers) {
      const [pipeline, paramsOffset, x, y, z, count] = numbers.splice(0, 6);
      const { handle, layout } = PumiceGpu.objects[pipeline];
      const entries = [];
      for (let binding = 0; binding < count; ++binding) {
        const [buffer, offset, size] = numbers.splice(0, 3);
        const resource = { buffer: PumiceGpu.objects[buffer], offset, size };
        entries.push({ binding, resource });
      }
      const group = PumiceGpu.device.createBindGroup({ layout, entries });
      return { pipeline: handle, group, paramsOffset: [paramsOffset], x, y, z };
    },

    // Submitted at the latest when the current task ends.
    commands() {
      if (!PumiceGpu.encoder) {
        PumiceGpu.encoder = PumiceGpu.device.createCommandEncoder();
        queueMicrotask(PumiceGpu.submit);
      }
      return PumiceGpu.encoder;
    },

    submit() {
      if (!PumiceGpu.encoder) return;
      PumiceGpu.device.queue.submit([PumiceGpu.encoder.finish()]);
      PumiceGpu.encoder = null;
    },

    // A readback's buffer is returned for reuse once it has been mapped.
    dispose(object) {
      if (object.readBuffer) {
        object.disposed = true;
        if (object.ready) PumiceGpu.recycle(object.readBuffer);
      } else if (object.dispatches) {
        if (object.params.buffer) PumiceGpu.destroy(object.params.buffer);
      } else {
        PumiceGpu.destroy(object);
      }
    },

    recycle(buffer) {
      buffer.unmap();
      PumiceGpu.readBuffers.push(buffer);
      if (PumiceGpu.readBuffers.length > 8) PumiceGpu.destroy(PumiceGpu.readBuffers.shift());
    },

    readBuffer(size) {
      const at = PumiceGpu.readBuffers.findIndex((buffer) => buffer.size === size);
      if (at >= 0) return PumiceGpu.readBuffers.splice(at, 1)[0];
      return PumiceGpu.buffer(size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    },
  },

  pumice_gpu_open__deps: ["$PumiceGpu"],
  pumice_gpu_open: () => {
    if (!Module["gpuDevice"]) return 0;
    if (PumiceGpu.device !== Module["gpuDevice"]) PumiceGpu.open(Module["gpuDevice"]);
    return 1;
  },

  pumice_gpu_limit__deps: ["$PumiceGpu"],
  pumice_gpu_limit: (index) => {
    const limits = PumiceGpu.device.limits;
    return [
      limits.maxStorageBufferBindingSize, limits.maxBufferSize,
      limits.maxStorageBuffersPerShaderStage, limits.maxComputeInvocationsPerWorkgroup,
      limits.maxComputeWorkgroupStorageSize, limits.maxComputeWorkgroupsPerDimension,
      limits.minStorageBufferOffsetAlignment,
      Module["gpuAdapterInfo"]?.isFallbackAdapter ? 1 : 0,
    ][index];
  },

  pumice_gpu_adapter__deps: ["$PumiceGpu", "$stringToUTF8"],
  pumice_gpu_adapter: (to, bytes) => {
    const info = Module["gpuAdapterInfo"] ?? {};
    const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(" ");
    stringToUTF8(name || "unnamed adapter", to, bytes);
  },

  pumice_gpu_problem__deps: ["$PumiceGpu", "$stringToUTF8"],
  pumice_gpu_problem: (to, bytes) => {
    const error = PumiceGpu.lost ? { message: PumiceGpu.lost } : PumiceGpu.errors.shift();
    if (!error) return 0;
    stringToUTF8(error.message || "no reason", to, bytes);
    if (PumiceGpu.lost) return 2;
    return error.isOutOfMemory ? 3 : 1;
  },

  pumice_gpu_buffer__deps: ["$PumiceGpu"],
  pumice_gpu_buffer: (size) => PumiceGpu.add(PumiceGpu.buffer(
    size, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST)),

  pumice_gpu_memory__deps: ["$PumiceGpu"],
  pumice_gpu_memory: (what) => PumiceGpu.memory[what],

  pumice_gpu_write__deps: ["$PumiceGpu"],
  pumice_gpu_write: (buffer, from, bytes) => {
    PumiceGpu.submit();
    const whole = bytes - bytes % 4, queue = PumiceGpu.device.queue;
    const to = PumiceGpu.objects[buffer];
    if (whole) queue.writeBuffer(to, 0, HEAPU8, from, whole);
    if (whole === bytes) return;
    const last = new Uint8Array(4);
    last.set(HEAPU8.subarray(from + whole, from + bytes));
    queue.writeBuffer(to, whole, last);
  },

  pumice_gpu_pipeline__deps: ["$PumiceGpu", "$UTF8ToString"],
  pumice_gpu_pipeline: (wgsl, wgslBytes, accesses, bindings, hasParams, constants, constantCount) => {
    const device = PumiceGpu.device, code = UTF8ToString(wgsl, wgslBytes);
    const first = accesses >> 2;
    const layout = PumiceGpu.bindingLayout([...HEAP32.subarray(first, first + bindings)]);
    const values = {};
    for (let i = 0; i < constantCount; ++i) {
      // An unused constant is not declared in the code, and WebGPU rejects a value for it.
      if (code.includes(`@id(${i})`)) values[i] = HEAPF64[(constants >> 3) + i];
    }
    const handle = device.createComputePipeline({
      layout: device.createPipelineLayout({
        bindGroupLayouts: hasParams ? [layout, PumiceGpu.paramsLayout] : [layout],
      }),
      compute: { module: device.createShaderModule({ code }), entryPoint: "main", constants: values },
    });
    return PumiceGpu.add({ handle, layout });
  },

  pumice_gpu_program__deps: ["$PumiceGpu"],
  pumice_gpu_program: (table, dispatches, params, paramsBytes) => {
    const program = { params: PumiceGpu.paramsGroup(params, paramsBytes), dispatches: [] };
    let place = table >> 3;
    for (let i = 0; i < dispatches; ++i) {
      const end = place + 6 + 3 * HEAPF64[place + 5];
      program.dispatches.push(PumiceGpu.dispatch([...HEAPF64.subarray(place, end)]));
      place = end;
    }
    return PumiceGpu.add(program);
  },

  pumice_gpu_run__deps: ["$PumiceGpu"],
  pumice_gpu_run: (index) => {
    const { dispatches, params } = PumiceGpu.objects[index];
    PumiceGpu.submit();  // one program per submission, to limit the work in each
    const pass = PumiceGpu.commands().beginComputePass();
    for (const { pipeline, group, paramsOffset, x, y, z } of dispatches) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      if (paramsOffset[0] >= 0) pass.setBindGroup(1, params.group, paramsOffset);
      pass.dispatchWorkgroups(x, y, z);
    }
    pass.end();
  },

  pumice_gpu_read__deps: ["$PumiceGpu"],
  pumice_gpu_read: (from, offset, size) => {
    const device = PumiceGpu.device;
    const buffer = PumiceGpu.readBuffer(size);
    PumiceGpu.commands().copyBufferToBuffer(PumiceGpu.objects[from], offset, buffer, 0, size);
    PumiceGpu.submit();
    const readback = { readBuffer: buffer, ready: false, disposed: false };
    buffer.mapAsync(GPUMapMode.READ).then(
      () => {
        readback.ready = true;
        if (readback.disposed) PumiceGpu.recycle(buffer);
      },
      (error) => {
        if (PumiceGpu.device === device) PumiceGpu.report("a buffer could not be read: " + error.message);
      }).then(() => Module["onReadback"]?.());
    return PumiceGpu.add(readback);
  },

  pumice_gpu_read_is_ready__deps: ["$PumiceGpu"],
  pumice_gpu_read_is_ready: (index) => (PumiceGpu.objects[index].ready ? 1 : 0),

  pumice_gpu_read_take__deps: ["$PumiceGpu"],
  pumice_gpu_read_take: (index, to) => {
    HEAPU8.set(new Uint8Array(PumiceGpu.objects[index].readBuffer.getMappedRange()), to);
  },

  pumice_gpu_release__deps: ["$PumiceGpu"],
  pumice_gpu_release: (index) => {
    PumiceGpu.submit();  // open commands may use it
    PumiceGpu.dispose(PumiceGpu.objects[index]);
    PumiceGpu.objects[index] = null;
    PumiceGpu.free.push(index);
  },
});
