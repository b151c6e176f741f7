#include "engine/io/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice::io {
namespace {

using test::content_of;
using test::error_of;
using test::TemporaryFolder;

template <typename T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

std::vector<std::byte> to_bytes(const std::string& text) {
  auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string file_with(const std::string& header, size_t data_bytes) {
  uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header + std::string(data_bytes, 'x');
}

const std::vector<float> kWeights{1, 2, 3, 4, 5, 6};
const std::vector<uint32_t> kStep{7};
const std::vector<uint8_t> kImage{1, 2, 3};
const std::vector<NamedTensor> kTensors{
    {"image", ElementType::kU8, Shape({3}), bytes_of(kImage)},
    {"encoder.0.weight", ElementType::kF32, Shape({2, 3}), bytes_of(kWeights)},
    {"step", ElementType::kU32, Shape({}), bytes_of(kStep)},
    {"nothing", ElementType::kF32, Shape({0, 4}), {}}};
const Metadata kMetadata{{"seed", "1"}, {"text", "quotes \" and \n lines, ünïcode"}};

TEST(Safetensors, ReadsWhatItWrote) {
  TemporaryFolder folder;
  write_safetensors(folder / "file", kTensors, kMetadata);
  Safetensors file = Safetensors::read(folder / "file");
  EXPECT_EQ(file.metadata(), kMetadata);
  EXPECT_EQ(file.metadata("seed"), "1");
  ASSERT_EQ(file.tensors().size(), kTensors.size());
  for (const NamedTensor& wanted : kTensors) {
    const NamedTensor& found = file.tensor(wanted.name);
    EXPECT_EQ(found.dtype, wanted.dtype);
    EXPECT_EQ(found.shape, wanted.shape);
    EXPECT_TRUE(std::equal(found.bytes.begin(), found.bytes.end(), wanted.bytes.begin(),
                           wanted.bytes.end()));
  }
}

TEST(Safetensors, ReadsFilesWithoutMetadataOrTensors) {
  TemporaryFolder folder;
  write_safetensors(folder / "file", {}, {});
  Safetensors file = Safetensors::read(folder / "file");
  EXPECT_TRUE(file.tensors().empty());
  EXPECT_TRUE(file.metadata().empty());
}

TEST(Safetensors, TheBytesDependOnTheContentAlone) {
  TemporaryFolder folder;
  std::vector<NamedTensor> reversed(kTensors.rbegin(), kTensors.rend());
  write_safetensors(folder / "a", kTensors, kMetadata);
  write_safetensors(folder / "b", reversed, kMetadata);
  EXPECT_EQ(content_of(folder / "a"), content_of(folder / "b"));
}

TEST(Safetensors, FourByteTensorsAreAligned) {
  TemporaryFolder folder;
  write_safetensors(folder / "file", kTensors, kMetadata);
  Safetensors file = Safetensors::read(folder / "file");
  for (const char* name : {"encoder.0.weight", "step"}) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(file.tensor(name).bytes.data()) % 4, 0u) << name;
  }
}

TEST(Safetensors, SurvivesAMove) {
  Safetensors first(
      to_bytes(file_with(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2)), "file");
  const std::byte* data = first.tensor("a").bytes.data();
  Safetensors second = std::move(first);
  EXPECT_EQ(second.tensor("a").bytes.data(), data);
  EXPECT_EQ(second.tensor("a").bytes[1], std::byte{'x'});
}

TEST(Safetensors, NamesWhatIsMissing) {
  Safetensors file(to_bytes(file_with("{}", 0)), "file");
  EXPECT_EQ(file.find("a"), nullptr);
  EXPECT_EQ(error_of([&] { file.tensor("a"); }), "file: has no tensor 'a'");
  EXPECT_EQ(error_of([&] { file.metadata("a"); }), "file: its metadata has no 'a'");
  EXPECT_EQ(error_of([] { Safetensors::read("/no/such.safetensors"); }),
            "/no/such.safetensors: cannot open: No such file or directory");
}

struct BadFile {
  std::string name;
  std::string file;
  std::string message;
};

std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}}";
}

std::string two(const std::string& first, const std::string& second) {
  return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
         R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
}

const std::vector<BadFile> kBadFiles{
    {"Empty", "", "not a safetensors file: expected at least 8 bytes, found 0"},
    {"Foreign", "PK\3\4 this is a zip file",
     "not a safetensors file: its header claims 7595448452415441744 bytes"},
    {"HeaderBeyondTheEnd", file_with("{}", 0).substr(0, 9),
     "truncated: expected a header of 2 bytes, found 1"},
    {"NoJson", file_with("{\"a\":", 0), "bad header: expected JSON, found its end at byte 5 of 5"},
    {"DamagedJson", file_with("{\"a\"\x01{}}", 0),
     "bad header: expected JSON, found 0x01 at byte 5 of 8"},
    {"NumberOutOfRange", file_with("{\"a\":1e999}", 0),
     "bad header: expected JSON, found a number out of range"},
    {"NoObject", file_with("[1]", 0), "bad header: expected a JSON object, found array"},
    {"RepeatedName",
     file_with(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}})", 0),
     "bad header: 'a' appears twice"},
    {"MetadataNoObject", file_with(R"({"__metadata__":"x"})", 0),
     "bad header: __metadata__: expected an object, found string"},
    {"MetadataNoString", file_with(R"({"__metadata__":{"step":3}})", 0),
     "bad header: __metadata__ 'step': expected a string, found number"},
    {"TensorNoObject", file_with(R"({"a":3})", 0), "tensor 'a': expected an object, found number"},
    {"NoDtype", file_with(R"({"a":{"shape":[],"data_offsets":[0,4]}})", 4),
     "tensor 'a': has no dtype"},
    {"DtypeNoString", file_with(one("1", "[1]", "[0,4]"), 4),
     "tensor 'a': dtype: expected a string, found number"},
    {"OtherDtype", file_with(one(R"("BF16")", "[1]", "[0,2]"), 2),
     "tensor 'a': dtype: expected F32, F16, U32 or U8, found BF16"},
    {"ShapeNoArray", file_with(one(R"("F32")", "1", "[0,4]"), 4),
     "tensor 'a': shape: expected an array, found number"},
    {"NegativeExtent", file_with(one(R"("F32")", "[-1]", "[0,4]"), 4),
     "tensor 'a': shape: expected extents from 0 to 4294967295, found [-1]"},
    {"HugeExtent", file_with(one(R"("F32")", "[4294967296]", "[0,4]"), 4),
     "tensor 'a': shape: expected extents from 0 to 4294967295, found [4294967296]"},
    {"HugeShape", file_with(one(R"("F32")", "[4294967295,4294967295,4294967295]", "[0,4]"), 4),
     "tensor 'a': F32 [4294967295, 4294967295, 4294967295] needs 18446744073709551615 bytes, "
     "data_offsets has 4"},
    {"OffsetsNoPair", file_with(one(R"("F32")", "[1]", "[0]"), 4),
     "tensor 'a': data_offsets: expected [begin, end], found [0]"},
    {"NegativeOffset", file_with(one(R"("F32")", "[1]", "[-4,0]"), 4),
     "tensor 'a': data_offsets: expected [begin, end], found [-4,0]"},
    {"OffsetsReversed", file_with(one(R"("F32")", "[1]", "[4,0]"), 4),
     "tensor 'a': data_offsets: begin 4 is after end 0"},
    {"OffsetsBeyondTheEnd", file_with(one(R"("F32")", "[2]", "[0,8]"), 4),
     "tensor 'a': data_offsets: expected at most 4 bytes of data, found end 8"},
    {"WrongSize", file_with(one(R"("F32")", "[2,3]", "[0,20]"), 20),
     "tensor 'a': F32 [2, 3] needs 24 bytes, data_offsets has 20"},
    {"Overlap", file_with(two("[0,4]", "[2,6]"), 6), "tensors overlap: 'b' [2, 6] begins before 4"},
    {"Hole", file_with(two("[0,4]", "[6,10]"), 10), "unused bytes: 'b' [6, 10] should begin at 4"},
    {"Trailing", file_with(one(R"("F32")", "[1]", "[0,4]"), 5),
     "trailing bytes: expected 4 bytes of data, found 5"},
};

class BadSafetensors : public testing::TestWithParam<BadFile> {};

TEST_P(BadSafetensors, IsRefused) {
  EXPECT_EQ(error_of([&] { Safetensors(to_bytes(GetParam().file), "file"); }),
            "file: " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Safetensors, BadSafetensors, testing::ValuesIn(kBadFiles),
                         [](const auto& info) { return info.param.name; });

// Whatever is cut off or flipped, the reader throws an Error or returns a file, but never crashes.
TEST(Safetensors, SurvivesAnyDamage) {
  TemporaryFolder folder;
  write_safetensors(folder / "file", kTensors, kMetadata);
  std::string whole = content_of(folder / "file");
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(error_of([&] { Safetensors(to_bytes(whole.substr(0, length)), "file"); }),
              "(no error)");
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      error_of([&] { Safetensors(to_bytes(damaged), "file"); });
    }
  }
}

TEST(Safetensors, RefusesToWriteNonsense) {
  const NamedTensor weight{"w", ElementType::kF32, Shape({2}), bytes_of(kImage)};
  EXPECT_EQ(error_of([&] { safetensors_header(std::span(&weight, 1), {}); }),
            "safetensors: tensor 'w': f32 [2] needs 8 bytes, got 3");
  const std::vector<NamedTensor> twice{kTensors[0], kTensors[0]};
  EXPECT_EQ(error_of([&] { safetensors_header(twice, {}); }),
            "safetensors: two tensors are named 'image'");
  const NamedTensor reserved{"__metadata__", ElementType::kU8, Shape({3}), bytes_of(kImage)};
  EXPECT_EQ(error_of([&] { safetensors_header(std::span(&reserved, 1), {}); }),
            "safetensors: no tensor can be named '__metadata__'");
  EXPECT_EQ(error_of([&] {
              safetensors_header(std::span<const NamedTensor>(), {{"a", "\xff"}});
            }),
            "safetensors: a name or the metadata is not UTF-8 text");
}

}  // namespace
}  // namespace pumice::io
