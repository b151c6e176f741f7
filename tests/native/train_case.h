#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "engine/io/checkpoint.h"
#include "tests/support/contains.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice::test {

/// Data of 64 and 20 images, a recipe of two epochs, and a folder for runs.
class TrainCase : public testing::Test {
 protected:
  TrainCase() { write_tiny_mnist(data_, 64, 20); }

  Program::Texts train_arguments(const std::string& run, const Program::Texts& more = {}) const {
    return joined({"train", recipe_, "--data", data_.path(), "--out", folder_ / run}, more);
  }
  ProgramResult train(const std::string& run, const Program::Texts& more = {},
                      const Program::Texts& environment = {}) const {
    return run_program(train_arguments(run, more), environment);
  }
  ProgramResult resume(const std::string& run, const Program::Texts& more = {}) const {
    return run_program(joined({"train", "--resume", folder_ / run, "--data", data_.path()}, more));
  }
  /// More images and slower steps: a run that lasts long enough to be interrupted within an epoch.
  void make_slow() {
    write_tiny_mnist(data_, 4096, 20);
    folder_.file("tiny.toml", slow_recipe());
  }
  std::filesystem::path checkpoint_of(const std::string& run) const {
    return folder_ / run / "checkpoint.safetensors";
  }
  std::string checkpoint(const std::string& run) const { return content_of(checkpoint_of(run)); }
  std::string content(const std::string& file) const { return content_of(folder_ / file); }
  static io::TrainingRecord record_of(const std::filesystem::path& file) {
    return io::Checkpoint::read(file).training();
  }
  /// Expects one line on stderr that begins with this, and no folder "run".
  void expect_refused(const ProgramResult& result, const std::string& message, int code = 1) const {
    EXPECT_EQ(result.exit_code, code);
    EXPECT_TRUE(result.err.starts_with("pumice: " + message)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::string recipe_ = folder_.file("tiny.toml", kTinyRecipe);

 private:
  static Program::Texts joined(Program::Texts all, const Program::Texts& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

}  // namespace pumice::test
