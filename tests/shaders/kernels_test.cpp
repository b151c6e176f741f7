#include <gtest/gtest.h>

#include <set>

#include "engine/hal/kernel.h"
#include "kernels/all.h"

namespace pumice {
namespace {

TEST(Kernels, HaveDistinctNamesAndSpirv) {
  std::set<std::string_view> names;
  for (const hal::Kernel* kernel : kernels::all()) {
    EXPECT_TRUE(names.insert(kernel->name).second) << kernel->name;
    ASSERT_FALSE(kernel->spirv.empty()) << kernel->name;
    EXPECT_EQ(kernel->spirv[0], 0x07230203u) << kernel->name;
    EXPECT_FALSE(kernel->bindings.empty()) << kernel->name;
    EXPECT_LE(kernel->params_bytes, 64u) << kernel->name;
  }
}

}  // namespace
}  // namespace pumice
