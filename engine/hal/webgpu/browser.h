#pragma once

#include <cstdint>

/// The functions of library_webgpu.js. Only int, double and pointers cross this border: other types
/// mean different things to different versions of Emscripten. Handles are positive.
extern "C" {

/// 1 when the page has put a device into Module.gpuDevice.
int pumice_gpu_open();

/// The limits that this file's BrowserLimit names; what they name is in library_webgpu.js.
double pumice_gpu_limit(int limit);

/// Writes at most `bytes` of the adapter's description, ended by a zero byte.
void pumice_gpu_adapter(char* to, int bytes);

/// 0 when all is well; 1 with the first error since the last call in `to`; 2 with the reason when
/// the device is lost; 3 when that error is that memory ran out.
int pumice_gpu_problem(char* to, int bytes);

int pumice_gpu_buffer(double bytes);
/// Of all buffers that are there: 0 their number, 1 their bytes.
double pumice_gpu_memory(int what);
void pumice_gpu_write(int buffer, const void* from, double bytes);

/// `accesses`: one int for each binding, 1 where the kernel writes. `constants`: one double each.
int pumice_gpu_pipeline(const char* wgsl, int wgsl_bytes, const int* accesses, int bindings,
                        int has_params, const double* constants, int constant_count);

/// `table`: for each dispatch the pipeline, the offset of its params in `params` (-1: none), the
/// grid's x, y, z, the number of bindings, and for each of those buffer, offset, bytes.
int pumice_gpu_program(const double* table, int dispatches, const void* params, int params_bytes);
void pumice_gpu_run(int program);

/// Starts a copy of `bytes` from `offset` on to the host. Module.onReadback, if the page has set
/// it, is called when it has arrived or failed.
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

/// Throws DeviceLost, OutOfMemory or Error for what the browser has reported since the last call.
void check_device();

}  // namespace pumice::hal::webgpu
