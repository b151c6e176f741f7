#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/io/safetensors.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"
#include "tests/support/unchecked.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

/// An image in a grid and the margin beside it.
constexpr uint32_t kCell = test::kTinySide + 1;

/// The commands that read a trained run.
class ModelCommands : public testing::Test {
 protected:
  ModelCommands() {
    test::write_tiny_mnist(data_, 64, 20);
    ProgramResult result =
        test::run_program({"train", folder_.file("tiny.toml", test::kTinyRecipe), "--data",
                           data_.path(), "--out", run_, "--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }

  /// Runs a command that writes an image and returns the image.
  std::string image(Texts arguments) const {
    std::filesystem::path out = folder_ / "image.png";
    arguments.insert(arguments.end(), {"--out", out});
    ProgramResult result = test::run_program(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return content_of(out);
  }

  /// The error of `pumice sample` for a checkpoint with this content.
  std::string refusal(const std::string& checkpoint) const {
    std::string file = folder_.file("bad.safetensors", checkpoint);
    ProgramResult result = test::run_program({"sample", file, "--out", folder_ / "none.png"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(result.err.starts_with("pumice: " + file + ": ")) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "none.png"));
    return result.err.substr(std::min(result.err.size(), file.size() + 10));
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::string run_ = folder_ / "run";
  std::string checkpoint_ = run_ + "/checkpoint.safetensors";
};

// A PNG's width and height follow its signature and the chunk's header, in big-endian order.
std::pair<uint32_t, uint32_t> size_of(const std::string& png) {
  auto word = [&](size_t at) {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(png[i]);
    return value;
  };
  return {word(16), word(20)};
}

TEST_F(ModelCommands, SampleDrawsAGrid) {
  std::string first = image({"sample", run_, "--rows", "2", "--columns", "3"});
  EXPECT_EQ(size_of(first), std::pair(2u * (3 * kCell + 1), 2u * (2 * kCell + 1)));
  EXPECT_EQ(first, image({"sample", checkpoint_, "--count", "6", "--columns", "3"}));
  EXPECT_NE(first, image({"sample", run_, "--count", "6", "--columns", "3", "--seed", "2"}));
  EXPECT_EQ(size_of(image({"sample", run_, "--manifold"})),
            std::pair(2 * 20 * test::kTinySide, 2 * 20 * test::kTinySide));
}

TEST_F(ModelCommands, EpochsShowTheSamplesOfTheRunsSeed) {
  EXPECT_EQ(image({"sample", run_}), content_of(run_ + "/samples/epoch-0001.png"));
}

TEST_F(ModelCommands, InterpolateBeginsAndEndsAtSamples) {
  std::string line = image({"interpolate", run_, "--frames", "3", "--rows", "2"});
  EXPECT_EQ(size_of(line), std::pair(2u * (3 * kCell + 1), 2u * (2 * kCell + 1)));
  EXPECT_EQ(line, image({"interpolate", run_, "--frames", "3", "--rows", "2", "--from-seed", "1",
                         "--to-seed", "2"}));
  EXPECT_NE(line, image({"interpolate", run_, "--frames", "3", "--rows", "2", "--spherical"}));
}

TEST_F(ModelCommands, InterpolateDrawsAGridBetweenCorners) {
  const Texts corners{"interpolate", run_, "--corners", "1,2,3,4", "--frames", "4"};
  std::string grid = image(corners);
  EXPECT_EQ(size_of(grid), std::pair(2u * (4 * kCell + 1), 2u * (4 * kCell + 1)));
  Texts arc = corners;
  arc.emplace_back("--spherical");
  EXPECT_NE(grid, image(arc));
  ProgramResult moving = test::run_program(
      {"interpolate", run_, "--corners", "1,2,3,4", "--out", folder_ / "none.gif"});
  EXPECT_EQ(moving.exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.gif"));
  EXPECT_EQ(test::run_program({"interpolate", run_, "--corners", "1,2,3"}).exit_code, 2);
}

TEST_F(ModelCommands, InterpolateGoesBetweenTestImages) {
  Texts between{"interpolate",  run_, "--data",     data_.path(),
                "--from-image", "2",  "--to-image", "11"};
  EXPECT_EQ(size_of(image(between)), std::pair(2u * (10 * kCell + 1), 2u * (kCell + 1)));
  Texts one = between;
  one.insert(one.end(), {"--out", folder_ / "one.png"});
  EXPECT_TRUE(test::run_program(one).out.ends_with("one.png: 1 strip of 10 images\n"));
  between[5] = "20";
  ProgramResult beyond = test::run_program(between);
  EXPECT_EQ(beyond.exit_code, 1);
  EXPECT_EQ(beyond.err, "pumice: interpolate: expected images 0 … 19, got 20\n");
}

TEST_F(ModelCommands, InterpolateMoves) {
  const std::filesystem::path out = folder_ / "moving.apng";
  ProgramResult result =
      test::run_program({"interpolate", run_, "--rows", "4", "--frames", "5", "--out", out});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string file = content_of(out);
  EXPECT_EQ(size_of(file), std::pair(4u * (2 * kCell + 1), 4u * (2 * kCell + 1)));
  EXPECT_NE(file.find(std::string("acTL\0\0\0\x08", 8)), std::string::npos) << "5 there, 3 back";
}

#ifdef PUMICE_GIF
TEST_F(ModelCommands, InterpolateTakesEndingsInCapitals) {
  const std::filesystem::path out = folder_ / "MOVING.GIF";
  ProgramResult result = test::run_program({"interpolate", run_, "--rows", "1", "--out", out});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(content_of(out).starts_with("GIF89a"));
}
#endif

TEST_F(ModelCommands, RefuseToWriteWhatTheyDoNotMake) {
  const std::string checkpoint = content_of(checkpoint_);
  auto refused = [&](const std::string& command, const std::string& out, const std::string& message,
                     int code) {
    const ProgramResult result =
        test::run_program({command, run_, "--data", data_.path(), "--out", out});
    EXPECT_EQ(result.exit_code, code) << command;
    EXPECT_EQ(result.err, "pumice: --out " + out + ": " + message + "\n");
  };
  const std::string other = ", got .safetensors";
  refused("reconstruct", checkpoint_, "expected the name of a .png file" + other, 2);
  refused("interpolate", checkpoint_, "expected the name of a .png or .gif or .apng file" + other,
          2);
  refused("evaluate", checkpoint_, "expected the name of a .json file" + other, 2);
  refused("report", checkpoint_, "expected the name of a .html or .htm file" + other, 2);
  EXPECT_EQ(test::run_program({"sample", run_, "--out", checkpoint_}).exit_code, 2);
  EXPECT_EQ(content_of(checkpoint_), checkpoint);
  const std::string none = folder_ / "none";
  refused("reconstruct", folder_ / "a.jpg", "expected the name of a .png file, got .jpg", 2);
  refused("interpolate", folder_ / "a",
          "expected the name of a .png or .gif or .apng file, got a "
          "name without extension",
          2);
  refused("evaluate", none + "/a.json", "there is no folder " + none, 1);
  refused("report", none + "/a.html", "there is no folder " + none, 1);
  refused("interpolate", none + "/a.GIF", "there is no folder " + none, 1);
  std::filesystem::create_directory(folder_ / "folder.png");
  refused("reconstruct", folder_ / "folder.png", "expected a file, found a folder", 1);
}

TEST_F(ModelCommands, SampleTruncates) {
  const Texts usual{"sample", run_, "--count", "4"};
  auto truncated = [&](const std::string& truncation) {
    Texts arguments = usual;
    arguments.insert(arguments.end(), {"--truncation", truncation});
    return image(arguments);
  };
  EXPECT_EQ(image(usual), truncated("1"));
  EXPECT_NE(image(usual), truncated("0.5"));
  for (const char* none : {"-1", "nan"}) {
    EXPECT_EQ(test::run_program({"sample", run_, "--truncation", none}).exit_code, 2) << none;
  }
}

TEST_F(ModelCommands, ReconstructPairsTestImages) {
  std::string pairs =
      image({"reconstruct", run_, "--data", data_.path(), "--count", "5", "--columns", "3"});
  EXPECT_EQ(size_of(pairs), std::pair(2u * (3 * kCell + 1), 2u * (4 * kCell + 1)));
  test::write_tiny_mnist(data_, 64, 20);
  ProgramResult missing = test::run_program(
      {"reconstruct", run_, "--data", folder_ / "none", "--out", folder_ / "none.png"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_TRUE(missing.err.starts_with("pumice: MNIST: no t10k-images")) << missing.err;
}

TEST_F(ModelCommands, AnswerInJson) {
  std::string out = folder_ / "image.png";
  ProgramResult result = test::run_program({"sample", run_, "--out", out, "--json"});
  EXPECT_EQ(nlohmann::json::parse(result.out),
            (nlohmann::json{{"out", out}, {"count", 100}, {"seed", 1}, {"truncation", 1.0}}));
}

TEST_F(ModelCommands, NeedNoMoreThanNetworkAndParameters) {
  io::Safetensors file = io::Safetensors::read(checkpoint_);
  std::vector<io::NamedTensor> parameters;
  for (const io::NamedTensor& tensor : file.tensors()) {
    if (tensor.name.find("coder.") < 3) parameters.push_back(tensor);
  }
  io::write_safetensors(folder_ / "bare.safetensors", parameters,
                        {{"network", file.metadata("network")}});
  EXPECT_EQ(image({"sample", folder_ / "bare.safetensors"}), image({"sample", run_}));
}

TEST_F(ModelCommands, RefuseDamagedCheckpoints) {
  std::string good = content_of(checkpoint_);
  EXPECT_TRUE(refusal(good.substr(0, good.size() - 1)).find("at most") != std::string::npos);
  EXPECT_TRUE(refusal(good.substr(0, 100)).starts_with("truncated: expected a header of"));
  std::string flipped = good;
  flipped[8] ^= 0x40;
  EXPECT_TRUE(refusal(flipped).starts_with("bad header: "));
  EXPECT_TRUE(refusal("digits").starts_with("not a safetensors file"));
  flipped = good;
  flipped.back() ^= 0x40;
  EXPECT_TRUE(refusal(flipped).starts_with("damaged: its checksum is "));
  std::string other = test::unchecked(good);
  size_t at = other.find("latent_size\\\":2");
  ASSERT_NE(at, std::string::npos);
  other[at + 14] = '3';
  EXPECT_TRUE(
      refusal(other).starts_with("network: encoder: expects layers that end with 6 values, a mean "
                                 "and a log-variance for each latent, got [4]"));
}

/// The same commands with a conditional GAN.
class GanCommands : public ModelCommands {
 protected:
  GanCommands() {
    ProgramResult result =
        test::run_program({"train", folder_.file("gan.toml", test::kTinyGan), "--data",
                           data_.path(), "--out", gan_, "--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  std::string gan_ = folder_ / "gan";
};

TEST_F(GanCommands, DrawClasses) {
  EXPECT_EQ(image({"sample", gan_}), content_of(gan_ + "/samples/epoch-0001.png"));
  std::string sevens = image({"sample", gan_, "--class", "7", "--count", "4"});
  EXPECT_NE(sevens, image({"sample", gan_, "--class", "2", "--count", "4"}));
  EXPECT_EQ(size_of(image({"interpolate", gan_, "--frames", "3", "--rows", "2"})),
            std::pair(2u * (3 * kCell + 1), 2u * (2 * kCell + 1)));
  ProgramResult beyond = test::run_program({"sample", gan_, "--class", "10"});
  EXPECT_EQ(beyond.exit_code, 1);
  EXPECT_EQ(beyond.err,
            "pumice: class 10: the model has 10 classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n");
  EXPECT_EQ(test::run_program({"sample", run_, "--class", "1"}).err,
            "pumice: class 1: the model has no classes\n");
}

TEST_F(GanCommands, SayWhichClassTheyDraw) {
  const std::string out = folder_ / "out.png";
  EXPECT_EQ(test::run_program({"sample", gan_, "--class", "7", "--count", "4", "--out", out}).out,
            "wrote " + out + ": 4 samples of class 7 (\"7\")\n");
  const auto strip = nlohmann::json::parse(
      test::run_program({"interpolate", gan_, "--class", "3", "--out", out, "--json"}).out);
  EXPECT_EQ(strip["class"], 3);
  EXPECT_EQ(strip["class_name"], "3");
  EXPECT_FALSE(
      nlohmann::json::parse(test::run_program({"sample", gan_, "--out", out, "--json"}).out)
          .contains("class"));
}

// As written by earlier versions.
TEST_F(GanCommands, NumberTheClassesOfCheckpointsWithoutNames) {
  const io::Safetensors file = io::Safetensors::read(gan_ + "/checkpoint.safetensors");
  io::Metadata metadata = test::unchecked(file.metadata());
  EXPECT_EQ(metadata["class_names"], R"(["0","1","2","3","4","5","6","7","8","9"])");
  metadata.erase("class_names");
  metadata.erase("data");
  const std::string old = folder_ / "old.safetensors", out = folder_ / "out.png";
  io::write_safetensors(old, file.tensors(), metadata);
  EXPECT_EQ(image({"sample", old, "--class", "7"}), image({"sample", gan_, "--class", "7"}));
  EXPECT_EQ(test::run_program({"sample", old, "--class", "7", "--count", "4", "--out", out}).out,
            "wrote " + out + ": 4 samples of class 7\n");
  EXPECT_EQ(test::run_program({"sample", old, "--class", "seven"}).err,
            "pumice: class seven: the model has 0 … 9\n");
}

TEST_F(GanCommands, InterpolateWithinAClass) {
  const Texts corners{"interpolate", gan_, "--corners", "1,2,3,4", "--frames", "3"};
  Texts of_class = corners;
  of_class.insert(of_class.end(), {"--class", "0"});
  EXPECT_EQ(image(corners), image(of_class));
  of_class.back() = "10";
  EXPECT_TRUE(test::run_program(of_class).err.starts_with("pumice: class 10: the model has 10"));
  EXPECT_TRUE(test::run_program({"interpolate", gan_, "--from-picture", "1"})
                  .err.ends_with("expected a vae, which can encode images, found a gan\n"));
}

TEST_F(GanCommands, HaveNoEncoder) {
  ProgramResult result = test::run_program(
      {"reconstruct", gan_, "--data", data_.path(), "--out", folder_ / "none.png"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "pumice: " + gan_ +
                            "/checkpoint.safetensors: expected a vae, which can encode images, "
                            "found a gan\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.png"));
}

TEST_F(ModelCommands, RefuseFoldersThatAreNotRuns) {
  ProgramResult folder = test::run_program({"sample", data_.path()});
  EXPECT_EQ(folder.exit_code, 1);
  EXPECT_NE(folder.err.find("expected the folder of a run"), std::string::npos) << folder.err;
  EXPECT_EQ(test::run_program({"sample", folder_ / "none"}).exit_code, 1);
  EXPECT_EQ(test::run_program({"sample"}).exit_code, 2);
}

TEST(Help, ShowsAnExample) {
  for (std::string command : {"train", "sweep", "sample", "interpolate", "reconstruct", "evaluate",
                              "models", "devices"}) {
    ProgramResult result = test::run_program({command, "--help"});
    EXPECT_EQ(result.exit_code, 0);
    const size_t at = result.out.find("\nExample");
    ASSERT_NE(at, std::string::npos) << result.out;
    EXPECT_NE(result.out.find(":\n  pumice " + command, at), std::string::npos) << result.out;
  }
  EXPECT_TRUE(test::run_program({"--version"}).out.starts_with("pumice "));
}

TEST(Devices, AreListed) {
  ProgramResult table = test::run_program({"devices"});
  EXPECT_TRUE(table.out.starts_with("index  type")) << table.out << table.err;
  nlohmann::json devices = nlohmann::json::parse(test::run_program({"devices", "--json"}).out);
  ASSERT_GT(devices["devices"].size(), 0u);
  EXPECT_EQ(devices["devices"][0]["index"], 0);
  EXPECT_TRUE(devices["devices"][0]["driver"].is_string());
}

TEST(Devices, AreNotReplacedByOthersIfAVariableIsWrong) {
  for (const std::string name : {"PUMICE_CPU_INSTRUCTIONS", "PUMICE_CPU_THREADS"}) {
    for (const char* command : {"devices", "selftest"}) {
      const ProgramResult result = test::run_program({command}, {name + "=z80"});
      EXPECT_EQ(result.exit_code, 1);
      EXPECT_EQ(result.out, "");
      EXPECT_TRUE(result.err.starts_with("pumice: " + name + ": expected ")) << result.err;
      EXPECT_TRUE(result.err.ends_with(", got 'z80'\n")) << result.err;
    }
  }
}

}  // namespace
}  // namespace pumice
