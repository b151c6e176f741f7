#include <gtest/gtest.h>

#include <cstdio>
#include <exception>

#include "tests/support/device_tests.h"
#include "tests/support/devices.h"

namespace pumice::test {
namespace {

/// Fails the running test for a validation message.
class FailOnValidationMessages : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo&) override {
    for (const std::string& message : take_validation_messages()) ADD_FAILURE() << message;
  }
};

int run_tests() {
  try {
    register_device_tests();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "no tests without a device: %s\n", error.what());
    return 1;
  }
  testing::UnitTest::GetInstance()->listeners().Append(new FailOnValidationMessages);
  int failed = RUN_ALL_TESTS();
  close_devices();
  for (const std::string& message : take_validation_messages()) {
    std::fprintf(stderr, "after the last test: %s\n", message.c_str());
    failed = 1;
  }
  return failed;
}

}  // namespace
}  // namespace pumice::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return pumice::test::run_tests();
}
