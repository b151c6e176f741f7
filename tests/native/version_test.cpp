// Files that earlier versions wrote, kept in tests/golden, and files of a version to come.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/sweeps/sweep_folder.h"
#include "native/training/run_length.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/folders.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/unchecked.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using test::ProgramResult;

/// Of the sources, or of PUMICE_TEST_DATA where those are on another machine.
fs::path version_1() {
  const char* folder = std::getenv("PUMICE_TEST_DATA");
  return (folder != nullptr ? folder : test::source_folder() / "tests/golden") / "version-1";
}

class Version1 : public testing::Test {
 protected:
  Version1() {
    for (int i = 0; i < 16; ++i) {
      const uint8_t grey = static_cast<uint8_t>(i * 16);
      test::write_plain_png(folder_ / fmt::format("images/train/{}.png", i), {grey}, 4, 4);
      test::write_plain_png(folder_ / fmt::format("images/test/{}.png", i / 4), {grey}, 4, 4);
    }
    fs::copy(version_1() / "run", folder_ / "run");
  }
  ProgramResult run(const test::Program::Texts& arguments) const {
    return test::run_program(arguments, {"XDG_CACHE_HOME=" + (folder_ / "cache").string()});
  }

  test::TemporaryFolder folder_;
  std::string run_ = folder_ / "run";
};

TEST_F(Version1, OfARunIsResumed) {
  const ProgramResult resumed = run(
      {"train", "--resume", run_, "--data", folder_ / "images", "--epochs", "2", "--changed-data"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  const io::Checkpoint checkpoint = io::Checkpoint::read(folder_ / "run/checkpoint.safetensors");
  EXPECT_EQ(checkpoint.header().metadata("version"), "2");
  EXPECT_EQ(checkpoint.training().metrics.size(), 2u);
  const io::Checkpoint before =
      io::Checkpoint::read(folder_ / "run/checkpoint-previous-1.safetensors");
  EXPECT_EQ(before.header().metadata("version"), "1");
  EXPECT_EQ(before.training().metrics[0], checkpoint.training().metrics[0]);
}

TEST_F(Version1, OfARunAndOfAnExportIsShown) {
  for (const fs::path& file : {fs::path(run_), version_1() / "exported.safetensors"}) {
    const ProgramResult result = run({"sample", file, "--out", folder_ / "s.png"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_EQ(
      run({"export", run_, "--web", "--without-map", "-o", folder_ / "e.safetensors"}).exit_code,
      0);
}

TEST_F(Version1, OfASweepIsRead) {
  const Sweep sweep = SweepFolder(version_1() / "sweep").read();
  EXPECT_EQ(sweep.name, "s");
  ASSERT_EQ(sweep.runs.size(), 2u);
  EXPECT_EQ(sweep.runs[1].label(), "latent.size=2");
}

// The message is one line, whatever the command.
TEST_F(Version1, IsNotTakenForANewerOne) {
  const fs::path file = folder_ / "run/checkpoint.safetensors";
  const io::Safetensors good = io::Safetensors::read(file);
  io::Metadata metadata = good.metadata();
  metadata["version"] = "3";
  io::write_safetensors(file, good.tensors(), metadata);
  fs::copy(version_1() / "run/checkpoint.safetensors",
           folder_ / "run/checkpoint-previous-1.safetensors");
  const std::string expected =
      "pumice: " + file.string() +
      ": a newer version of Pumice wrote this checkpoint: its format is version 3, this program "
      "reads versions up to 2\n";
  EXPECT_EQ(run({"sample", run_, "--out", folder_ / "s.png"}).err, expected);
  EXPECT_EQ(run({"train", "--resume", run_, "--epochs", "2"}).err, expected);
  EXPECT_EQ(run({"evaluate", run_}).err, expected);
}

TEST(NewerVersion, OfASweepOrALengthIsRefused) {
  const test::TemporaryFolder folder;
  const std::string end =
      ": a newer version of Pumice wrote this file: its format is version 3, this program reads "
      "versions up to 2";
  const fs::path plan = folder.file("sweep.json", R"({"version": 3, "name": "s", "runs": []})");
  EXPECT_EQ(test::error_of([&] { SweepFolder(folder.path()).read(); }), plan.string() + end);
  const fs::path length = folder.file("length.json", R"({"version": 3})");
  EXPECT_EQ(test::error_of([&] { read_run_length(length); }), length.string() + end);
}

}  // namespace
}  // namespace pumice
