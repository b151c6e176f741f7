#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/recipes/recipe.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/tiny_mnist.h"
#include "tests/support/unchecked.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class TrainCommand : public test::TrainCase {};

TEST_F(TrainCommand, FillsTheRunFolder) {
  ProgramResult result = train("run");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_NE(result.out.find("encoder.0  linear, relu  [16]"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("epoch 2/2"), std::string::npos) << result.out;
  std::filesystem::path run = folder_ / "run";
  for (const char* name : {"curves/loss.png", "curves/loss.svg", "curves/kl.png", "manifold.png",
                           "latents.png", "latents.json", "samples/epoch-0001.png",
                           "samples/epoch-0002.png", "reconstructions/epoch-0002.png"}) {
    EXPECT_GT(content_of(run / name).size(), 100u) << name;
  }
  EXPECT_EQ(load_recipe(run / "recipe.toml"), load_recipe(recipe_));
  formats::MetricsTable metrics = formats::read_metrics(run / "metrics.csv");
  io::TrainingRecord record = io::Checkpoint::read(run / "checkpoint.safetensors").training();
  ASSERT_EQ(metrics.rows.size(), 2u);
  EXPECT_EQ(record.epoch, 2u);
  EXPECT_EQ(record.step, 8u);
  EXPECT_NEAR(metrics.rows[1][4], value_of(record.metrics[1].test, "loss"), 1e-6);
  EXPECT_LT(value_of(record.metrics[1].test, "loss"), value_of(record.metrics[0].test, "loss"));
  const formats::MetricsTable steps = formats::read_metrics(run / "steps.csv");
  ASSERT_EQ(steps.rows.size(), 8u);
  double sum = 0;
  for (size_t step = 4; step < 8; ++step) sum += steps.rows[step][1];
  EXPECT_NEAR(sum / 4, metrics.rows[1][1], 1e-5 * sum);
}

TEST_F(TrainCommand, GivesTheSameBytesForTheSameSeed) {
  ASSERT_EQ(train("a").exit_code, 0);
  ASSERT_EQ(train("b").exit_code, 0);
  ASSERT_EQ(train("c", {"--seed", "2"}).exit_code, 0);
  EXPECT_EQ(checkpoint("a"), checkpoint("b"));
  EXPECT_EQ(content_of(folder_ / "a" / "samples/epoch-0002.png"),
            content_of(folder_ / "b" / "samples/epoch-0002.png"));
  EXPECT_NE(checkpoint("a"), checkpoint("c"));
}

TEST_F(TrainCommand, CausesNoValidationMessages) {
  if (std::getenv("PUMICE_ALLOW_NO_VALIDATION") != nullptr) GTEST_SKIP() << "no validation layer";
  ProgramResult result = train("run", {"--validate"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
}

TEST_F(TrainCommand, PrintsLinesOfJson) {
  ProgramResult result = train("run", {"--json", "--epochs", "1", "--batch", "32"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["steps_per_epoch"], 2);
  EXPECT_EQ(events[1]["epoch"], 1);
  EXPECT_GT(events[1]["test"]["loss"], 0);
  EXPECT_EQ(events[2]["complete"], true);
}

TEST_F(TrainCommand, ResumesExactlyAfterCtrlC) {
  test::write_tiny_mnist(data_, 4096, 20);  // long enough to be interrupted mid-epoch
  folder_.file("tiny.toml", test::slow_recipe());
  Texts options{"--batch", "4"};
  test::Program program(train_arguments("stopped", {"--batch", "4", "--json"}));
  ASSERT_TRUE(program.wait_for_output("\"start\""));
  program.send(SIGINT);
  ProgramResult stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  std::string run = folder_ / "stopped";
  EXPECT_NE(stopped.out.find("pumice train --resume " + run), std::string::npos) << stopped.out;
  EXPECT_NE(io::Checkpoint::read(run + "/checkpoint.safetensors").training().step % 1024, 0u);

  ProgramResult resumed = test::run_program({"train", "--resume", run, "--data", data_.path()});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  ASSERT_EQ(train("whole", options).exit_code, 0);
  EXPECT_EQ(checkpoint("stopped"), checkpoint("whole"));
  EXPECT_EQ(content_of(folder_ / "stopped" / "steps.csv"),
            content_of(folder_ / "whole" / "steps.csv"));
  EXPECT_EQ(formats::read_metrics(folder_ / "stopped" / "metrics.csv").rows.size(), 2u);
  EXPECT_EQ(content_of(folder_ / "stopped" / "samples/epoch-0002.png"),
            content_of(folder_ / "whole" / "samples/epoch-0002.png"));
}

TEST_F(TrainCommand, ResumesForMoreEpochs) {
  ASSERT_EQ(train("short", {"--epochs", "1"}).exit_code, 0);
  Texts resume{"train", "--resume", folder_ / "short", "--data", data_.path()};
  ProgramResult complete = test::run_program(resume);
  EXPECT_EQ(complete.exit_code, 1);
  EXPECT_NE(complete.err.find("the run is complete after 1 epoch;"), std::string::npos);
  resume.insert(resume.end(), {"--epochs", "2"});
  ASSERT_EQ(test::run_program(resume).exit_code, 0);
  ASSERT_EQ(train("long").exit_code, 0);
  EXPECT_EQ(checkpoint("short"), checkpoint("long"));
}

TEST_F(TrainCommand, ReplacesARunOnlyWhenForced) {
  ASSERT_EQ(train("twice").exit_code, 0);
  ProgramResult refused = train("twice", {"--epochs", "1"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("already holds a run"), std::string::npos) << refused.err;
  EXPECT_EQ(train("twice", {"--epochs", "1", "--force"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "twice" / "samples/epoch-0002.png"));
}

TEST_F(TrainCommand, StopsAtNumbersThatAreNotFinite) {
  ProgramResult result = train("nan", {"--set", "optimizer.learning_rate=1e9"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("the loss is not finite; first in "), std::string::npos) << result.err;
  EXPECT_TRUE(result.err.ends_with("; no checkpoint was saved before\n")) << result.err;
}

// As a crash or another program may have left it.
TEST_F(TrainCommand, FindsAWeightThatIsNotANumber) {
  ASSERT_EQ(train("run", {"--epochs", "1"}).exit_code, 0);
  const std::filesystem::path file = folder_ / "run" / "checkpoint.safetensors";
  const io::Safetensors good = io::Safetensors::read(file);
  std::vector<io::NamedTensor> tensors = good.tensors();
  std::vector<float> weight;
  for (io::NamedTensor& tensor : tensors) {
    if (tensor.name != "encoder.0.weight") continue;
    weight.resize(tensor.shape.size());
    std::memcpy(weight.data(), tensor.bytes.data(), tensor.bytes.size());
    weight[0] = NAN;
    tensor.bytes = std::as_bytes(std::span(weight));
  }
  io::write_safetensors(file, tensors, test::unchecked(good.metadata()));
  const std::string damaged = checkpoint("run");
  const std::string message = "pumice: " + file.string() +
                              ": tensor 'encoder.0.weight': expected finite numbers, element 0 is "
                              "nan\n";
  for (const Texts& command :
       {Texts{"train", "--resume", folder_ / "run", "--data", data_.path(), "--epochs", "2"},
        Texts{"sample", folder_ / "run", "--out", folder_ / "s.png"}}) {
    const ProgramResult result = test::run_program(command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, message);
  }
  EXPECT_EQ(checkpoint("run"), damaged);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "s.png"));
}

TEST_F(TrainCommand, NeedsNoVulkanDriver) {
  const Texts none{"VK_DRIVER_FILES=/nonexistent", "VK_ICD_FILENAMES=/nonexistent"};
  expect_refused(train("run", {"--device", "gpu"}, none), "no usable device matches 'gpu': 0 '");
  const ProgramResult result = train("run", {}, none);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(test::contains(result.out, ", cpu, pumice ")) << result.out;
}

TEST_F(TrainCommand, NamesItsDeviceInTheCheckpoint) {
  ASSERT_EQ(train("run", {"--device", "cpu", "--epochs", "1"}).exit_code, 0);
  const std::string file = folder_ / "run/checkpoint.safetensors";
  const std::string device = io::Checkpoint::read(file).training().device;
  EXPECT_TRUE(test::contains(device, ", cpu, pumice ")) << device;
  const ProgramResult resumed =
      test::run_program({"train", "--resume", folder_ / "run", "--data", data_.path(), "--device",
                         "vulkan-cpu", "--epochs", "2"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(resumed.err.starts_with("pumice: the run was trained on " + device +
                                      " so far and continues on "))
      << resumed.err;
  EXPECT_NE(io::Checkpoint::read(file).training().device, device);
}

TEST_F(TrainCommand, LeavesNothingHalfWrittenOnAFullDisk) {
  std::filesystem::path disk = folder_ / "disk";
  std::filesystem::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=32k") != 0) {
    GTEST_SKIP() << "cannot mount a small tmpfs here: " << std::strerror(errno);
  }
  ProgramResult result = train("disk/run");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("No space left on device"), std::string::npos) << result.err;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(disk)) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
  umount(disk.c_str());
}

}  // namespace
}  // namespace pumice
