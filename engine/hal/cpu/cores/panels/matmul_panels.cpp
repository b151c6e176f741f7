#include "engine/hal/cpu/cores/panels/few_rows.h"
#include "engine/hal/cpu/cores/panels/tiles.h"
#include "kernels/matmul_registers.h"

namespace pumice::kernels::PUMICE_CPU_SET {

// Decoders hardly have products with one column, and without this the page's program is smaller.
#ifdef __wasm__
constexpr bool kOneColumn = false;
#else
constexpr bool kOneColumn = true;
#endif

/// The params, constants and bindings are those of matmul_registers.comp. Any sizes.
void matmul_panels(const hal::CpuCall& call, uint32_t first, uint32_t last) {
  using namespace cores;
  const auto& [m, n, k, slope] = *static_cast<const MatmulRegistersParams*>(call.params);
  const bool transpose_a = constant(call, 2) != 0, transpose_b = constant(call, 3) != 0;
  const float* a = input(call, 0);
  const Right b = {input(call, 1), transpose_b ? k : n, transpose_b};
  const Result c = {output(call, 3), n, epilogue_of(call, slope)};
  const Tiles tiles = {m, n, call.grid[0], call.grid[1]};
  if (transpose_a) {
    compute_tiles(product(TransposedLeft{a, m}, b, c, k), tiles, first, last);
  } else if (transpose_b && m <= kFewRows) {
    const FewRows<Result> product = {a, b.b, m, n, k, c};
    product.compute(first * kPanelsColumns, smaller(last * kPanelsColumns, n));
  } else if (kOneColumn && n == 1) {
    const FewRows<Column> product = {b.b, a, 1, m, k, {c.c, c.epilogue}};
    product.compute(first * kPanelsRows, smaller(last * kPanelsRows, m));
  } else {
    compute_tiles(product(Left{a, k}, b, c, k), tiles, first, last);
  }
  clear_padding(call, last, c.c, size_t{m} * n);
}

}  // namespace pumice::kernels::PUMICE_CPU_SET
