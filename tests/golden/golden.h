#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/nn/parameters.h"
#include "tests/golden/formula.h"
#include "tests/support/devices.h"
#include "tests/support/folders.h"

/// Shared by the tests that compare with PyTorch.
namespace pumice::golden {

// The goal is 1e-3; float32 rounding alone causes 2e-6.
inline constexpr double kParameterTolerance = 2e-5;  // relative to a tensor's root mean square

/// A file in this folder, or in PUMICE_TEST_DATA where the sources are on another machine.
inline nlohmann::json read(const std::string& name) {
  const char* folder = std::getenv("PUMICE_TEST_DATA");
  const auto path = (folder ? folder : test::source_folder() / "tests/golden") / name;
  std::ifstream file(path);
  require(file.is_open(), "{}: cannot be read; PUMICE_TEST_DATA may name the folder",
          path.string());
  return nlohmann::json::parse(file);
}

inline void expect_relative(double found, double expected, double tolerance,
                            const std::string& what) {
  EXPECT_NEAR(found, expected, tolerance * std::abs(expected)) << what;
}

inline Shape shape_of(const nlohmann::json& extents) {
  return Shape(extents.get<std::vector<uint32_t>>());
}

/// Parameters on a device, initialized by the formula.
class GoldenParameters {
 public:
  nn::Parameters parameters;

  void start(hal::Device& device, const nlohmann::json& initial) {
    parameters.allocate(device, "parameters");
    parameters.initialize(device, 1);  // the running statistics
    std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
    for (const nlohmann::json& row : initial) {
      for (const nn::Parameter& parameter : parameters.list()) {
        if (parameter.name == row.at("name")) write(flat, parameter, row);
      }
    }
    device.write(*parameters.buffer(), flat);
  }

  void expect(hal::Device& device, const nlohmann::json& expected) const {
    const std::vector<float> flat =
        to_floats(device.read(*parameters.buffer())->take(), parameters.flat_bytes() / 4);
    for (const nn::Parameter& parameter : parameters.list()) {
      SCOPED_TRACE(parameter.name);
      const nlohmann::json& summary = expected.at(parameter.name);
      ASSERT_EQ(parameter.shape, shape_of(summary.at("shape")));
      const double norm = summary.at("l2_norm");
      const double size = norm / std::sqrt(static_cast<double>(parameter.shape.size()));
      for (const nlohmann::json& element : summary.at("elements")) {
        uint64_t index = element.at("index");
        EXPECT_NEAR(flat.at(parameter.byte_offset / 4 + index), element.at("value"),
                    kParameterTolerance * size)
            << "element " << index;
      }
    }
  }

 private:
  static void write(std::vector<std::byte>& flat, const nn::Parameter& parameter,
                    const nlohmann::json& row) {
    ASSERT_EQ(parameter.shape, shape_of(row.at("shape"))) << parameter.name;
    for (uint32_t i = 0; i < parameter.shape.size(); ++i) {
      const float value =
          weight(i, row.at("salt"), row.at("fan_in")) + row.at("offset").get<float>();
      std::memcpy(flat.data() + parameter.byte_offset + 4ull * i, &value, sizeof(value));
    }
  }
};

}  // namespace pumice::golden
