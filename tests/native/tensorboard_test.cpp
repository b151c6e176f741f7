#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/cache_folder.h"
#include "native/formats/event_file.h"
#include "native/formats/metrics_lines.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/folders.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice::formats {
namespace {

using nlohmann::json;
using test::content_of;
using test::error_of;
using test::TemporaryFolder;

TEST(EventFile, ChecksumsAreCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);  // RFC 3720, B.4
}

/// Event files, read by independent programs.
class TensorBoard : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(npm_ / "node_modules/tfrecord") ||
        !std::filesystem::exists(npm_ / "node_modules/pngjs")) {
      GTEST_SKIP() << "no tfrecord and pngjs in " << npm_ << "; scripts/test installs them";
    }
  }
  /// The events of each file in the folder.
  json read(const std::filesystem::path& folder) const {
    std::string command = fmt::format("node '{}/tests/native/event_reader.mjs' '{}'",
                                      test::source_folder().string(), npm_.string());
    for (const auto& file : event_files(folder)) command += " '" + file.string() + "'";
    std::FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << command;
    return json::parse(output, nullptr, false);
  }

  std::filesystem::path npm_ = cache_folder() / "npm";
  TemporaryFolder folder_;
};

TEST_F(TensorBoard, ReadsScalars) {
  EventFile events(folder_.path(), 1, [] { return 1'700'000'000.25; });
  events.scalars(1, {{"train/loss", 103.25}, {"test/fid", std::nan("")}, {"test/kl", -1.5}});
  events.scalars(300, {{"train/loss", 3}});
  const json files = read(folder_.path());
  ASSERT_EQ(files.size(), 1u);
  ASSERT_EQ(files[0].size(), 4u);
  EXPECT_EQ(files[0][0]["version"], "brain.Event:2");
  EXPECT_EQ(files[0][0]["time"], 1'700'000'000.25);
  EXPECT_EQ(files[0][1]["session"], "START");
  EXPECT_EQ(files[0][2]["step"], 1);
  EXPECT_EQ(files[0][2]["scalars"], (json{{"train/loss", 103.25}, {"test/kl", -1.5}}));
  EXPECT_EQ(files[0][3]["step"], 300);
}

TEST_F(TensorBoard, ReadsImages) {
  EventFile events(folder_.path(), 1);
  events.image(2, "samples", test::plain_image(300, 2, {10, 20, 30}));
  events.image(2, "grey", test::plain_image(3, 2, {200}));
  const json files = read(folder_.path());
  const json& colour = files[0][2]["images"]["samples"];
  EXPECT_EQ(colour["colorspace"], 3);
  EXPECT_EQ(colour["width"], 300);
  EXPECT_EQ(colour["height"], 2);
  EXPECT_EQ(colour["decoded"], json::parse("[300, 2]"));
  EXPECT_EQ(colour["pixels"].size(), 1800u);
  EXPECT_EQ(colour["pixels"][1799], 30);
  const json& grey = files[0][3]["images"]["grey"];
  EXPECT_EQ(grey["colorspace"], 1);
  EXPECT_EQ(grey["pixels"], json(std::vector<int>(18, 200)));
}

TEST_F(TensorBoard, LearnsWhatANewStartReplaces) {
  auto clock = [] { return 1'700'000'000.0; };
  EventFile(folder_.path(), 1, clock).scalars(3, {{"train/loss", 3}});
  EventFile(folder_.path(), 3, clock).scalars(3, {{"train/loss", 2}});
  const json files = read(folder_.path());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1][1]["session"], "START");
  EXPECT_EQ(files[1][1]["step"], 3);
  EXPECT_EQ(files[1][2]["scalars"]["train/loss"], 2);
}

/// A tiny run.
class TensorBoardOfRuns : public TensorBoard {
 protected:
  TensorBoardOfRuns() { test::write_tiny_mnist(data_, 64, 20); }
  void train(const test::Program::Texts& arguments) const {
    test::Program::Texts all{"train", "--data", data_.path()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const test::ProgramResult result = test::run_program(all);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  TemporaryFolder data_;
  std::string recipe_ = data_.file("tiny.toml", test::kTinyRecipe);
  std::string run_ = folder_ / "run";
};

TEST_F(TensorBoardOfRuns, ShowsEveryMetric) {
  train({recipe_, "--out", run_});
  const json files = read(run_);
  ASSERT_EQ(files.size(), 1u);
  std::set<std::string> tags;
  std::set<std::string> images;
  for (const json& event : files[0]) {
    for (const auto& [tag, value] : event["scalars"].items()) tags.insert(tag);
    for (const auto& [tag, image] : event["images"].items()) {
      images.insert(fmt::format("{} {}", tag, event["step"].get<int>()));
      EXPECT_EQ(image["decoded"], json::array({image["width"], image["height"]}));
    }
  }
  EXPECT_EQ(tags, (std::set<std::string>{"train/loss", "train/reconstruction", "train/kl",
                                         "test/loss", "test/reconstruction", "test/kl",
                                         "speed/seconds", "speed/images_per_second"}));
  EXPECT_EQ(images, (std::set<std::string>{"samples 1", "samples 2", "reconstructions 1",
                                           "reconstructions 2"}));
}

TEST_F(TensorBoardOfRuns, ResumeAndStartAnew) {
  train({recipe_, "--out", run_, "--epochs", "1"});
  EXPECT_EQ(read_metrics_lines(run_ + "/metrics.jsonl").size(), 1u);
  train({"--resume", run_, "--epochs", "2"});
  const json files = read(run_);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1][1]["step"], 2);
  EXPECT_EQ(files[1][2]["step"], 2);
  const std::vector<json> lines = read_metrics_lines(run_ + "/metrics.jsonl");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1]["epoch"], 2);
  EXPECT_GT(lines[1]["test"]["kl"], 0);
  EXPECT_GT(lines[1]["images_per_second"], 0);
  EXPECT_FALSE(lines[1]["device"].get<std::string>().empty());
  train({recipe_, "--out", run_, "--epochs", "1", "--force"});
  EXPECT_EQ(event_files(run_).size(), 1u);
  EXPECT_EQ(read_metrics_lines(run_ + "/metrics.jsonl").size(), 1u);
}

/// Continues a file that should have the epochs 1 and 2; returns the warnings.
std::string resume(const std::string& path) {
  std::string warnings;
  MetricsLines lines(path, {{{"epoch", 1}}, {{"epoch", 2}}}, "they are bare now",
                     [&](const std::string& text) { warnings += text + "\n"; });
  lines.append({{"epoch", 3}, {"seconds", 1.5}});
  return warnings;
}

constexpr const char* kThird = "{\"epoch\":3,\"seconds\":1.5}\n";

TEST(MetricsLines, ResumeAfterTheCheckpoint) {
  TemporaryFolder folder;
  const std::string kept = "{\"a\":0,\"epoch\":1}\n{\"epoch\":2}\n";
  const std::string path = folder.file("metrics.jsonl", kept + "{\"epoch\":3}\n{\"ep");
  EXPECT_EQ(resume(path), "");
  EXPECT_EQ(content_of(path), kept + kThird);
}

TEST(MetricsLines, TakeLostLinesFromTheCheckpoint) {
  TemporaryFolder folder;
  const std::string first = "{\"a\":0,\"epoch\":1}\n";
  const std::string path = folder / "metrics.jsonl";
  for (const auto& [content, problem] :
       {std::pair(first + "[1]\n{\"epoch\":2}\n", "line 2 is damaged"),
        std::pair(first + std::string(20, '\0') + "\n", "line 2 is damaged"),
        std::pair(first + std::string(20, '\0'), "rows are missing"),
        std::pair(first, "rows are missing")}) {
    folder.file("metrics.jsonl", content);
    EXPECT_EQ(resume(path),
              path + ": " + problem + "; 1 of 2 rows were lost (epoch 2): they are bare now\n");
    EXPECT_EQ(content_of(path), first + "{\"epoch\":2}\n" + kThird);
  }
}

TEST(MetricsLines, RefuseOtherFiles) {
  TemporaryFolder folder;
  const std::string path = folder.file("metrics.jsonl", "{\"epoch\":1}\n[1]\n");
  EXPECT_EQ(error_of([&] { read_metrics_lines(path); }),
            path + ":2: expected a JSON object with the number 'epoch', found '[1]'");
}

}  // namespace
}  // namespace pumice::formats
