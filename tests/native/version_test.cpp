// Files that earlier versions wrote, kept in tests/golden, and files of a version to come.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

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
fs::path folder_of_version(uint32_t version) {
  const char* folder = std::getenv("PUMICE_TEST_DATA");
  return (folder != nullptr ? folder : test::source_folder() / "tests/golden") /
         fmt::format("version-{}", version);
}

/// The folders of runs in the folder of a version.
std::vector<fs::path> runs_of_version(uint32_t version) {
  std::vector<fs::path> runs;
  for (const auto& entry : fs::directory_iterator(folder_of_version(version))) {
    if (fs::exists(entry.path() / "checkpoint.safetensors")) runs.push_back(entry.path());
  }
  return runs;
}

/// Images for a run of that version, and a place for copies.
class Version : public testing::TestWithParam<uint32_t> {
 protected:
  Version() {
    for (int i = 0; i < 16; ++i) {
      const std::string name = fmt::format("{}/{}.png", i % 2 == 0 ? "a" : "b", i);
      const uint8_t grey = static_cast<uint8_t>(i * 16);
      for (const char* split : {"train", "test"}) {
        test::write_plain_png(folder_ / "images" / split / name, {grey}, 4, 4);
      }
    }
  }
  ProgramResult run(const test::Program::Texts& arguments) const {
    return test::run_program(arguments, {"XDG_CACHE_HOME=" + (folder_ / "cache").string()});
  }
  std::string copy_of(const fs::path& run) const {
    const fs::path copy = folder_.path() / run.filename();
    fs::copy(run, copy);
    return copy;
  }
  static fs::path files() { return folder_of_version(GetParam()); }

  test::TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Files, Version, testing::Values(1, 2));

TEST_P(Version, OfARunIsResumed) {
  for (const fs::path& kept : runs_of_version(GetParam())) {
    const fs::path copy = copy_of(kept);
    const ProgramResult resumed = run({"train", "--resume", copy, "--data", folder_ / "images",
                                       "--epochs", "2", "--changed-data"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    const io::Checkpoint checkpoint = io::Checkpoint::read(copy / "checkpoint.safetensors");
    EXPECT_EQ(checkpoint.header().metadata("version"), "2");
    EXPECT_EQ(checkpoint.training().metrics.size(), 2u);
    const io::Checkpoint before = io::Checkpoint::read(copy / "checkpoint-previous-1.safetensors");
    EXPECT_EQ(before.header().metadata("version"), fmt::to_string(GetParam()));
    EXPECT_EQ(before.training().metrics[0], checkpoint.training().metrics[0]);
    EXPECT_EQ(formats::read_metrics(copy / "metrics.csv").rows.size(), 2u);
  }
}

TEST_P(Version, OfARunAndOfAnExportIsShown) {
  std::vector<fs::path> shown = runs_of_version(GetParam());
  std::erase_if(shown, [](const fs::path& run) { return run.filename() == "classifier"; });
  shown.push_back(files() / "exported.safetensors");
  for (const fs::path& file : shown) {
    const ProgramResult result = run({"sample", file, "--out", folder_ / "s.png"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    if (!fs::is_directory(file)) continue;
    const ProgramResult exported =
        run({"export", file, "--web", "--without-map", "-o", folder_ / "e.safetensors"});
    EXPECT_EQ(exported.exit_code, 0) << exported.err;
  }
}

TEST_P(Version, OfASweepIsRead) {
  const Sweep sweep = SweepFolder(files() / "sweep").read();
  EXPECT_EQ(sweep.name, "s");
  ASSERT_EQ(sweep.runs.size(), 2u);
  EXPECT_EQ(sweep.runs[1].label(), "latent.size=2");
}

// The message is one line, whatever the command.
TEST_P(Version, IsNotTakenForANewerOne) {
  const fs::path kept = runs_of_version(GetParam()).front();
  const std::string copy = copy_of(kept);
  const fs::path file = fs::path(copy) / "checkpoint.safetensors";
  const io::Safetensors good = io::Safetensors::read(file);
  io::Metadata metadata = good.metadata();
  metadata["version"] = "3";
  io::write_safetensors(file, good.tensors(), metadata);
  fs::copy(kept / "checkpoint.safetensors", fs::path(copy) / "checkpoint-previous-1.safetensors");
  const std::string expected =
      "pumice: " + file.string() +
      ": a newer version of Pumice wrote this checkpoint: its format is version 3, this program "
      "reads versions up to 2\n";
  EXPECT_EQ(run({"sample", copy, "--out", folder_ / "s.png"}).err, expected);
  EXPECT_EQ(run({"train", "--resume", copy, "--epochs", "2"}).err, expected);
  EXPECT_EQ(run({"evaluate", copy}).err, expected);
  EXPECT_EQ(run({"report", copy}).err, expected);
  EXPECT_FALSE(fs::exists(fs::path(copy) / "report.html"));
}

TEST_P(Version, IsNotShownBesideANewerLength) {
  const std::string copy = copy_of(runs_of_version(GetParam()).front());
  const fs::path length = fs::path(copy) / "length.json";
  std::ofstream(length) << R"({"version": 3})";
  const ProgramResult result = run({"report", copy, "--force"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "pumice: " + length.string() +
                            ": a newer version of Pumice wrote this file: its format is version 3, "
                            "this program reads versions up to 2\n");
  EXPECT_FALSE(fs::exists(fs::path(copy) / "report.html"));
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
