#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/contains.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice::test {

/// Data, a classifier to measure with, and a cache of its own.
class EvaluateCommand : public testing::Test {
 protected:
  static constexpr uint32_t kImage = kTinySide * kTinySide;

  EvaluateCommand() {
    write_tiny_mnist(data_, 64, 20);
    // Images that are not in the training split.
    const std::string more = tiny_images(84).substr(16 + 64 * kImage);
    data_.file("t10k-images-idx3-ubyte", idx_file({20, kTinySide, kTinySide}, more));
    classifier_ = trained("classifier", kTinyClassifier);
  }

  ProgramResult run(Program::Texts arguments, const Program::Texts& more = {}) const {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, environment());
  }
  Program::Texts environment() const { return {"XDG_CACHE_HOME=" + (folder_ / "cache").string()}; }
  ProgramResult train(const std::string& name, const std::string& recipe,
                      const Program::Texts& more = {}) const {
    return run({"train", folder_.file(name + ".toml", recipe), "--data", data_.path(), "--out",
                folder_ / name},
               more);
  }
  std::string trained(const std::string& name, const std::string& recipe) const {
    const ProgramResult result = train(name, recipe, {"--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_ / name;
  }
  /// Measures few samples, with the options in `changed`.
  ProgramResult evaluate(const std::string& model, std::map<std::string, std::string> changed = {},
                         const Program::Texts& flags = {}) const {
    changed.merge(std::map<std::string, std::string>{{"--data", data_.path()},
                                                     {"--extractor", classifier_},
                                                     {"--samples", "40"},
                                                     {"--repeats", "2"},
                                                     {"--neighbours", "30"},
                                                     {"--likelihood-samples", "3"},
                                                     {"--likelihood-images", "5"}});
    Program::Texts arguments{"evaluate", model};
    for (const auto& [name, value] : changed) arguments.insert(arguments.end(), {name, value});
    return run(arguments, flags);
  }
  /// One line on stderr, and nothing written.
  void expect_refused(const ProgramResult& result, const std::string& model,
                      const std::string& message, int code = 1) const {
    EXPECT_EQ(result.exit_code, code);
    EXPECT_TRUE(contains(result.err, message));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_FALSE(std::filesystem::exists(model + "/evaluation.json"));
    EXPECT_FALSE(std::filesystem::exists(model + "/neighbours.png"));
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::string classifier_;
};

/// What `pumice evaluate` has written into the run.
inline nlohmann::json metrics_of(const std::string& model) {
  return nlohmann::json::parse(content_of(model + "/evaluation.json"))["figures"];
}

/// Grey values, the same ones each time.
inline std::string noise_bytes(size_t count) {
  std::string pixels(count, 0);
  uint32_t state = 1;
  for (char& pixel : pixels)
    pixel = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return pixels;
}

}  // namespace pumice::test
