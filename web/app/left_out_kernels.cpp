// The processor multiplies and convolves by the panels of engine/hal/cpu/cores alone, whatever the
// sizes. The forms for CPUs of other cores would be a tenth of the page's program and never run:
// defined here, they are not linked.
#include "engine/base/require.h"
#include "engine/hal/cpu_form.h"

namespace pumice::kernels::wasm {
namespace {

[[noreturn]] void refuse() { fail("this kernel is not part of the page"); }

}  // namespace

void matmul_registers(const hal::CpuCall&, uint32_t, uint32_t) { refuse(); }
void matmul_row(const hal::CpuCall&, uint32_t, uint32_t) { refuse(); }
void matmul_scalar(const hal::CpuCall&, uint32_t, uint32_t) { refuse(); }
void conv_registers(const hal::CpuCall&, uint32_t, uint32_t) { refuse(); }

}  // namespace pumice::kernels::wasm
