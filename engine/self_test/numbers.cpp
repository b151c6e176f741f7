#include "engine/base/philox.h"
#include "engine/self_test/cases.h"

namespace pumice::self_test {

Numbers numbers(const Shape& shape, uint32_t salt) {
  PhiloxStream stream(1, salt);
  Numbers result{shape, std::vector<double>(shape.size())};
  for (double& value : result.values) value = static_cast<float>(2 * stream.uniform() - 1);
  return result;
}

}  // namespace pumice::self_test
