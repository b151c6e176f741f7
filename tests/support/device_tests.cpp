#include "tests/support/device_tests.h"

#include <gtest/gtest.h>

#include "tests/support/devices.h"

namespace pumice::test {
namespace {

struct Added {
  std::string suite;
  std::string name;
  const char* file;
  int line;
  DeviceTestBody body;
  On on;
};

std::vector<Added>& added_tests() {
  static std::vector<Added> all;
  return all;
}

class DeviceTest : public testing::Test {
 public:
  DeviceTest(std::string device_name, DeviceTestBody body)
      : device_name_(std::move(device_name)), body_(std::move(body)) {}
  void TestBody() override { body_(device(device_name_)); }

 private:
  std::string device_name_;
  DeviceTestBody body_;
};

void register_test(const Added& test, const std::string& device_name) {
  std::string suite = device_name + "/" + test.suite;
  testing::RegisterTest(suite.c_str(), test.name.c_str(), nullptr, nullptr, test.file, test.line,
                        [=]() -> testing::Test* { return new DeviceTest(device_name, test.body); });
}

}  // namespace

bool add_device_test(std::string_view suite, std::string_view name, const char* file, int line,
                     DeviceTestBody body, On on) {
  added_tests().push_back({std::string(suite), std::string(name), file, line, std::move(body), on});
  return true;
}

void register_device_tests() {
  for (const Added& test : added_tests()) {
    for (const std::string& name : device_names()) {
      if (test.on != On::kEveryDriver || name != "cpu") register_test(test, name);
    }
    if (test.on == On::kEveryAndNull) register_test(test, "null");
  }
}

}  // namespace pumice::test
