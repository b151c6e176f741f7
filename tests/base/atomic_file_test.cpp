#include "engine/base/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <csignal>

#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using test::content_of;
using test::error_of;

TEST(AtomicFile, WritesPiecesInOrder) {
  test::TemporaryFolder folder;
  std::array<ByteSpan, 3> pieces{as_bytes("one, "), as_bytes(""), as_bytes("two")};
  write_file_atomically(folder / "file", pieces);
  EXPECT_EQ(content_of(folder / "file"), "one, two");
}

TEST(AtomicFile, ReplacesAndLeavesNothingBeside) {
  test::TemporaryFolder folder;
  write_file_atomically(folder / "file", "a longer old content");
  write_file_atomically(folder / "file", "new");
  EXPECT_EQ(content_of(folder / "file"), "new");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(AtomicFile, WritesThroughLinks) {
  test::TemporaryFolder folder;
  std::filesystem::create_symlink(folder.file("file", "old"), folder / "link");
  write_file_atomically(folder / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(content_of(folder / "file"), "new");
}

TEST(AtomicFile, RespectsTheUmask) {
  test::TemporaryFolder folder;
  mode_t before = umask(027);
  write_file_atomically(folder / "file", "x");
  umask(before);
  struct stat status {};
  stat((folder / "file").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(AtomicFile, NamesAMissingFolder) {
  test::TemporaryFolder folder;
  std::string path = folder / "none/file";
  EXPECT_EQ(error_of([&] { write_file_atomically(path, "x"); }),
            path + ": cannot create the file: No such file or directory");
}

// Any machine can limit the size of files; writing then fails in the same place as on a full
// disk.
TEST(AtomicFile, KeepsTheOldFileWhenWritingFails) {
  test::TemporaryFolder folder;
  std::string path = folder.file("file", "old");
  auto before_signal = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small{.rlim_cur = 4096, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string error = error_of([&] { write_file_atomically(path, std::string(100'000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, before_signal);
  EXPECT_EQ(error, path + ": cannot write: File too large");
  EXPECT_EQ(content_of(path), "old");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(AtomicFile, KeepsTheOldFileOnAFullDisk) {
  test::TemporaryFolder folder;
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "mounting a small disk needs root";
  }
  std::string path = folder.file("file", "old");
  std::string error = error_of([&] { write_file_atomically(path, std::string(100'000, 'x')); });
  std::string content = content_of(path);
  size_t count = folder.count();
  umount(folder.path().c_str());
  EXPECT_EQ(error, path + ": cannot write: No space left on device");
  EXPECT_EQ(content, "old");
  EXPECT_EQ(count, 1u);
}

}  // namespace
}  // namespace pumice
