#include "native/evaluation/inception_file.h"

#include <gtest/gtest.h>

#include "engine/io/safetensors.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

/// The error for a file with one tensor of zeros.
std::string error_with(const std::string& tensor, const Shape& shape,
                       const io::Metadata& metadata) {
  test::TemporaryFolder folder;
  const std::vector<float> zeros(shape.size());
  const io::NamedTensor only{tensor, io::ElementType::kF32, shape, std::as_bytes(std::span(zeros))};
  io::write_safetensors(folder / "w.safetensors", std::span(&only, 1), metadata);
  const std::string error =
      test::error_of([&] { open_inception(test::device("null"), folder / "w.safetensors"); });
  const std::string begin = (folder / "w.safetensors").string() + ": ";
  EXPECT_EQ(error.rfind(begin, 0), 0u) << error;
  return error.substr(std::min(begin.size(), error.size()));
}

TEST(InceptionFile, RefusesOtherNetworks) {
  EXPECT_EQ(error_with("decoder.0.weight", {2, 2}, {{"format_version", "1"}}),
            "expected weights of Inception-v3 as written by scripts/convert_inception.py, found "
            "those of another network");
  EXPECT_EQ(error_with("fc.bias", {1008}, {{"format", "inception-v3"}, {"variant", "keras"}}),
            "expected Inception-v3's variant \"fid\" or \"torchvision\", found \"keras\"");
}

TEST(InceptionFile, RefusesOtherTensors) {
  const io::Metadata metadata = {{"format", "inception-v3"}, {"variant", "fid"}};
  EXPECT_EQ(error_with("fc.bias", {1008}, metadata),
            "expected the weights of Inception-v3, which has a tensor Conv2d_1a_3x3.conv.weight");
  EXPECT_EQ(error_with("Conv2d_1a_3x3.conv.weight", {32, 3, 5, 5}, metadata),
            "Conv2d_1a_3x3.conv.weight: Inception-v3's is f32 [32, 3, 3, 3], found f32 "
            "[32, 3, 5, 5]");
}

}  // namespace
}  // namespace pumice
