#include "engine/self_test/self_test.h"
#include "kernels/conv_block_128.h"
#include "kernels/conv_block_64.h"
#include "kernels/conv_registers.h"
#include "kernels/conv_subgroup.h"
#include "kernels/conv_tile.h"
#include "kernels/conv_weights_block_128.h"
#include "kernels/conv_weights_block_64.h"
#include "kernels/conv_weights_registers.h"
#include "kernels/conv_weights_subgroup.h"
#include "kernels/conv_weights_tile.h"
#include "kernels/matmul_block_128.h"
#include "kernels/matmul_block_64.h"
#include "kernels/matmul_registers.h"
#include "kernels/matmul_row.h"
#include "kernels/matmul_scalar.h"
#include "kernels/matmul_subgroup.h"
#include "kernels/matmul_tile.h"

namespace pumice::self_test {

std::vector<const hal::Kernel*> core_kernels() {
  return {&kernels::matmul_block_128,
          &kernels::matmul_block_64,
          &kernels::matmul_registers,
          &kernels::matmul_row,
          &kernels::matmul_scalar,
          &kernels::matmul_subgroup,
          &kernels::matmul_tile,
          &kernels::conv_block_128,
          &kernels::conv_block_64,
          &kernels::conv_registers,
          &kernels::conv_subgroup,
          &kernels::conv_tile,
          &kernels::conv_weights_block_128,
          &kernels::conv_weights_block_64,
          &kernels::conv_weights_registers,
          &kernels::conv_weights_subgroup,
          &kernels::conv_weights_tile};
}

}  // namespace pumice::self_test
