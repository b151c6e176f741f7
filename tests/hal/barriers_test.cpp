#include "engine/hal/barriers.h"

#include <gtest/gtest.h>

namespace pumice::hal {
namespace {

constexpr Access kReads[] = {Access::kRead};
constexpr Access kTexels[] = {Access::kTexel};
constexpr Access kWrites[] = {Access::kWrite};
constexpr Access kUpdates[] = {Access::kReadWrite};
constexpr Access kCopies[] = {Access::kRead, Access::kWrite};
const Kernel read_kernel = {.name = "read", .bindings = kReads};
const Kernel texel_reader = {.name = "texel", .bindings = kTexels};
const Kernel writer = {.name = "write", .bindings = kWrites};
const Kernel updater = {.name = "update", .bindings = kUpdates};
const Kernel copier = {.name = "copy", .bindings = kCopies};

BufferView bytes(uint32_t buffer, uint64_t begin, uint64_t end) {
  return {buffer, begin, end - begin};
}

Dispatch use(const Kernel& kernel, std::vector<BufferView> views) {
  return {.kernel = &kernel, .bindings = std::move(views)};
}

using Barriers = std::vector<bool>;

Barriers barriers(std::vector<Dispatch> dispatches) {
  return barriers_before({.dispatches = std::move(dispatches)});
}

TEST(Barriers, NoneForAnEmptyPlan) { EXPECT_EQ(barriers({}), Barriers()); }

TEST(Barriers, BetweenWriteAndRead) {
  BufferView x = bytes(0, 0, 64);
  EXPECT_EQ(barriers({use(writer, {x}), use(read_kernel, {x})}), Barriers({false, true}));
  EXPECT_EQ(barriers({use(writer, {x}), use(texel_reader, {x})}), Barriers({false, true}));
}

TEST(Barriers, BetweenReadAndWrite) {
  BufferView x = bytes(0, 0, 64);
  EXPECT_EQ(barriers({use(read_kernel, {x}), use(writer, {x})}), Barriers({false, true}));
  EXPECT_EQ(barriers({use(texel_reader, {x}), use(writer, {x})}), Barriers({false, true}));
}

TEST(Barriers, BetweenWrites) {
  BufferView x = bytes(0, 0, 64);
  EXPECT_EQ(barriers({use(writer, {x}), use(writer, {x})}), Barriers({false, true}));
  EXPECT_EQ(barriers({use(updater, {x}), use(updater, {x}), use(updater, {x})}),
            Barriers({false, true, true}));
}

TEST(Barriers, NoneBetweenReads) {
  BufferView x = bytes(0, 0, 64);
  EXPECT_EQ(barriers({use(read_kernel, {x}), use(texel_reader, {x}), use(read_kernel, {x})}),
            Barriers({false, false, false}));
}

TEST(Barriers, NoneBetweenDifferentBuffers) {
  EXPECT_EQ(barriers({use(writer, {bytes(0, 0, 64)}), use(writer, {bytes(1, 0, 64)})}),
            Barriers({false, false}));
}

TEST(Barriers, OnlyWhereRangesOverlap) {
  EXPECT_EQ(barriers({use(writer, {bytes(0, 0, 64)}), use(read_kernel, {bytes(0, 64, 128)})}),
            Barriers({false, false}));
  EXPECT_EQ(barriers({use(writer, {bytes(0, 0, 68)}), use(read_kernel, {bytes(0, 64, 128)})}),
            Barriers({false, true}));
  EXPECT_EQ(barriers({use(writer, {bytes(0, 0, 128)}), use(read_kernel, {bytes(0, 32, 64)})}),
            Barriers({false, true}));
}

TEST(Barriers, OneCoversEverythingBefore) {
  BufferView x = bytes(0, 0, 64), y = bytes(1, 0, 64), z = bytes(2, 0, 64);
  EXPECT_EQ(
      barriers({use(writer, {x}), use(writer, {y}), use(copier, {x, z}), use(read_kernel, {y})}),
      Barriers({false, false, true, false}));
}

TEST(Barriers, SeeUsesOlderThanTheLastDispatch) {
  BufferView x = bytes(0, 0, 64), y = bytes(1, 0, 64);
  EXPECT_EQ(barriers({use(writer, {x}), use(writer, {y}), use(read_kernel, {x})}),
            Barriers({false, false, true}));
}

}  // namespace
}  // namespace pumice::hal
