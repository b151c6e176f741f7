#pragma once

#include <cstdint>

/// The functions of library_webgpu.js. They use only int, double and pointers: other types are
/// passed differently by different versions of Emscripten. Handles are positive.
extern "C" {

/// 1 if the page has set Module.gpuDevice.
int pumice_gpu_open();

/// The limit with this BrowserLimit number; library_webgpu.js has the list.
double pumice_gpu_limit(int limit);

/// Writes at most `bytes` bytes of the adapter's description, including a final zero byte.
void pumice_gpu_adapter(char* to, int bytes);

/// 0: no error. 1: `to` has the first error since the last call. 2: the device is lost, `to` has
/// the reason. 3: as 1, and memory ran out.
int pumice_gpu_problem(char* to, int bytes);

int pumice_gpu_buffer(double bytes);
/// 0: the number of existing buffers; 1: their bytes.
double pumice_gpu_memory(int what);
void pumice_gpu_write(int buffer, const void* from, double bytes);

/// `accesses`: one int per binding, 1 if the kernel writes it. `constants`: one double each.
int pumice_gpu_pipeline(const char* wgsl, int wgsl_bytes, const int* accesses, int bindings,
                        int has_params, const double* constants, int constant_count);

/// `table`: for each dispatch the pipeline, the offset of its params in `params` (-1: none), the
/// grid's x, y, z, the number of bindings, and for each binding the buffer, offset and bytes.
int pumice_gpu_program(const double* table, int dispatches, const void* params, int params_bytes);
void pumice_gpu_run(int program);

/// Starts a copy of `bytes` bytes at `offset` to the host. Module.onReadback, if the page has set
/// it, is called when the copy has arrived or failed.
int pumice_gpu_read(int buffer, double offset, double bytes);
int pumice_gpu_read_is_ready(int readback);
void pumice_gpu_read_take(int readback, void* to);

/// Frees a buffer, program or readback; work in flight still finishes.
void pumice_gpu_release(int handle);
}

namespace pumice::hal::webgpu {

enum BrowserLimit {
  kMaxBindingBytes,
  kMaxBufferBytes,
  kMaxBindings,
  kMaxGroupThreads,
  kMaxSharedBytes,
  kMaxGroups,
  kStorageAlignment,
  kIsFallback,
};

/// Throws DeviceLost, OutOfMemory or Error if the browser has reported an error since the last
/// call.
void check_device();

}  // namespace pumice::hal::webgpu
