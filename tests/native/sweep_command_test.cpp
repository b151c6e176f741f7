#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "engine/io/checkpoint.h"
#include "native/formats/image.h"
#include "native/system/folder_lock.h"
#include "native/training/run_length.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::contains;
using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

/// Data, a recipe and a sweep of it, and a place for results.
class SweepCommand : public testing::Test {
 protected:
  SweepCommand() {
    test::write_tiny_mnist(data_, 64, 20);
    folder_.file("tiny.toml", test::kTinyRecipe);
    write_sweep("[grid]\nlatent.size = [2, 3]\n");
  }

  void write_sweep(const std::string& rest) const {
    folder_.file("sweep.toml", "name = \"sizes\"\nrecipe = \"./tiny.toml\"\n" + rest);
  }
  Texts arguments(const Texts& more = {}) const {
    Texts all{"sweep", folder_ / "sweep.toml", "--data", data_.path(), "--out", out_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProgramResult sweep(const Texts& more = {}) const { return test::run_program(arguments(more)); }
  ProgramResult resume(const Texts& more = {}) const {
    Texts all{"sweep", "--resume", out_, "--data", data_.path()};
    all.insert(all.end(), more.begin(), more.end());
    return test::run_program(all);
  }
  void expect_refused(const ProgramResult& result, const std::string& message, int code = 1) const {
    EXPECT_EQ(result.exit_code, code);
    EXPECT_TRUE(result.err.starts_with("pumice: " + message)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(std::filesystem::exists(out_));
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::filesystem::path out_ = folder_ / "out";
};

TEST_F(SweepCommand, FillsItsFolder) {
  const ProgramResult result = sweep();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(contains(result.out, "[2/2] latent.size=3: done in 0:0"));
  EXPECT_TRUE(contains(result.out, "2 of 2 runs done"));
  for (const char* name :
       {"table.csv", "table.md", "table.html", "curves/loss-test.png", "curves/kl-train.svg",
        "1-latent.size-2/checkpoint.safetensors", "2-latent.size-3/samples/epoch-0002.png"}) {
    EXPECT_GT(content_of(out_ / name).size(), 100u) << name;
  }
  EXPECT_TRUE(
      content_of(out_ / "table.csv")
          .starts_with("run,latent.size,status,parameters,epochs,planned,seconds,train_loss,"));
  EXPECT_TRUE(contains(content_of(out_ / "table.html"), "2-latent.size-3/samples/epoch-0002.png"));
  EXPECT_TRUE(contains(content_of(out_ / "curves/loss-test.svg"), "latent.size=3"));
}

TEST_F(SweepCommand, NeedsWhatItsSharesAreCalled) {
  expect_refused(sweep({"--array", ""}), "--array: ", 2);
  expect_refused(sweep({"--devices", ""}), "--devices: ", 2);
  expect_refused(sweep({"--array", "4/4"}), "--array: expected INDEX/COUNT, such as 0/4 to 3/4");
  expect_refused(sweep({"--devices", "all,cpu"}), "--devices: expected 'all' alone, or a list");
  expect_refused(sweep({"--devices", "cpu,cpu"}), "--devices: 'cpu' is device ");
}

// As the training process of a sweep that was killed does: it ends a little later.
TEST_F(SweepCommand, WaitsForARunThatIsStillInUse) {
  ASSERT_EQ(sweep({"--epochs", "1"}).exit_code, 0);
  std::filesystem::remove_all(out_ / "1-latent.size-2");
  std::optional<system::FolderLock> lock(out_ / "1-latent.size-2");
  std::thread holder([&] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    lock.reset();
  });
  const ProgramResult resumed = resume();
  holder.join();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err << resumed.out;
}

TEST_F(SweepCommand, TrainsAsTrainDoes) {
  ASSERT_EQ(sweep({"--jobs", "2", "--epochs", "1"}).exit_code, 0);
  ASSERT_EQ(test::run_program({"train", folder_ / "tiny.toml", "--data", data_.path(), "--out",
                               folder_ / "run", "--epochs", "1", "--set", "latent.size=3"})
                .exit_code,
            0);
  EXPECT_EQ(content_of(out_ / "2-latent.size-3/checkpoint.safetensors"),
            content_of(folder_ / "run/checkpoint.safetensors"));
}

TEST_F(SweepCommand, TrainsSeveralRunsInAProcess) {
  write_sweep("[grid]\nlatent.size = [2, 3, 4]\n");
  const std::filesystem::path apart = out_;
  ASSERT_EQ(sweep().exit_code, 0);
  out_ = folder_ / "together";
  const ProgramResult result = sweep({"--together", "2", "--epochs", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "[1/3] latent.size=2: 2 runs together (")) << result.out;
  EXPECT_TRUE(contains(result.out, "[3/3] latent.size=4: done in 0:0")) << result.out;
  std::filesystem::remove_all(out_);
  ASSERT_EQ(sweep({"--together", "2"}).exit_code, 0);
  for (const char* run : {"1-latent.size-2", "2-latent.size-3", "3-latent.size-4"}) {
    EXPECT_EQ(content_of(apart / run / "checkpoint.safetensors"),
              content_of(out_ / run / "checkpoint.safetensors"));
  }
}

TEST_F(SweepCommand, ContinuesBesideARunThatFails) {
  write_sweep("[grid]\noptimizer.learning_rate = [1e9, 1e-3, 1e-4]\n");
  const ProgramResult result = sweep({"--epochs", "1", "--together", "3"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "pumice: sweep: 1 of 3 runs failed; ")) << result.err;
  EXPECT_TRUE(contains(result.out, "learning_rate=1000000000: failed: training stopped"))
      << result.out;
  EXPECT_TRUE(contains(result.out, "[3/3] optimizer.learning_rate=0.0001: done in")) << result.out;
  const ProgramResult again = resume({"--together", "3"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_FALSE(contains(again.out, "[2/3] optimizer.learning_rate=0.001: started")) << again.out;
}

TEST_F(SweepCommand, ListsItsRuns) {
  const ProgramResult result = sweep({"--dry-run", "--seed", "4,5"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "sizes: 4 runs in "));
  EXPECT_TRUE(contains(result.out, "3    latent.size=3, seed=4  new    2       2"));
  const nlohmann::json plan = nlohmann::json::parse(sweep({"--dry-run", "--json"}).out);
  EXPECT_EQ(plan["runs"][1]["run"], "2-latent.size-3");
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(SweepCommand, ResumesExactlyAfterCtrlC) {
  test::write_tiny_mnist(data_, 512, 20);  // long enough to be interrupted in the middle of a run
  folder_.file("tiny.toml", test::slow_recipe());
  const Texts slow{"--set", "train.batch=4", "--epochs", "4"};
  test::Program program(arguments({"--set", "train.batch=4", "--epochs", "4", "--json"}));
  ASSERT_TRUE(program.wait_for_output("\"event\":\"epoch\""));
  program.send(SIGINT);
  const ProgramResult stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_TRUE(contains(stopped.out, "pumice sweep --resume " + out_.string()));
  EXPECT_TRUE(contains(content_of(out_ / "table.csv"), ",interrupted,"));

  const ProgramResult resumed = resume();
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  const ProgramResult again = resume();
  EXPECT_FALSE(contains(again.out, "started")) << "all is done";
  const std::filesystem::path stopped_out = std::exchange(out_, folder_ / "whole");
  ASSERT_EQ(sweep(slow).exit_code, 0);
  for (const char* run : {"1-latent.size-2", "2-latent.size-3"}) {
    EXPECT_EQ(content_of(stopped_out / run / "checkpoint.safetensors"),
              content_of(out_ / run / "checkpoint.safetensors"));
  }
}

TEST_F(SweepCommand, ContinuesInTheSameFolder) {
  ASSERT_EQ(sweep({"--epochs", "1"}).exit_code, 0);
  std::filesystem::remove_all(out_ / "2-latent.size-3");
  const ProgramResult again = sweep({"--epochs", "1"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_FALSE(contains(again.out, "latent.size=2: started"));
  EXPECT_TRUE(contains(again.out, "latent.size=3: started"));
  const ProgramResult changed = sweep({"--epochs", "2"});
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_TRUE(contains(changed.err, "out holds another sweep, whose run 1-latent.size-2 is not "));
}

TEST_F(SweepCommand, ContinuesAfterAFailedRun) {
  write_sweep("[grid]\noptimizer.learning_rate = [1e9, 1e-3]\n");
  const ProgramResult result = sweep({"--epochs", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "pumice: sweep: 1 of 2 runs failed; "));
  EXPECT_TRUE(contains(result.out, "[1/2] optimizer.learning_rate=1000000000: failed: "));
  EXPECT_TRUE(contains(result.out, "1 of 2 runs done"));
  EXPECT_TRUE(contains(content_of(out_ / "table.md"), "the loss is not finite"));
}

TEST_F(SweepCommand, ContinuesBesideDamagedRuns) {
  write_sweep("[grid]\nlatent.size = [2, 3, 4, 5]\n");
  ASSERT_EQ(sweep({"--epochs", "1"}).exit_code, 0);
  folder_.file("out/1-latent.size-2/checkpoint.safetensors", "short");
  folder_.file("out/2-latent.size-3/metrics.csv", "epoch,train_loss\n1,many\n");
  std::filesystem::remove_all(out_ / "4-latent.size-5");
  const ProgramResult result = resume();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "pumice: sweep: 1 of 4 runs failed; "));
  EXPECT_TRUE(contains(result.out, "[4/4] latent.size=5: done in "));
  EXPECT_TRUE(contains(result.out, "3 of 4 runs done"));  // one of them beside a damaged file
  const std::string table = content_of(out_ / "table.csv");
  EXPECT_TRUE(contains(table, "1-latent.size-2/checkpoint.safetensors: "));
  EXPECT_TRUE(contains(table, "\n2,3,done,"));
  std::filesystem::remove_all(out_ / "1-latent.size-2");
  EXPECT_EQ(resume().exit_code, 0);
}

TEST_F(SweepCommand, ChecksAllRunsBeforeTheFirst) {
  write_sweep("[grid]\nlatent.size = [2, 0]\n");
  expect_refused(sweep(),
                 (folder_ / "sweep.toml").string() + ": latent.size=0: --set latent.size=0");
  write_sweep("[grid]\ntrain.batch = [16, 65]\n");
  expect_refused(sweep(), "sizes: train.batch=65: train: expects a batch of 1 … 64 images");
  write_sweep("[grid]\ndecoder.layers = [[{type='conv2d',out=1,kernel=3}]]\n");
  expect_refused(sweep(), "sizes: tiny: decoder.0 (conv2d): expects images");
  write_sweep("[grid]\nlatent.size = []\n");
  expect_refused(sweep(), (folder_ / "sweep.toml").string() + ":4:15: key 'latent.size'");
  expect_refused(test::run_program({"sweep", "no-such-sweep"}), "no sweep 'no-such-sweep'");
  expect_refused(test::run_program({"sweep"}), "sweep: expected a sweep or --resume FOLDER", 2);
  expect_refused(test::run_program({"sweep", "--resume", data_.path()}),
                 data_.path().string() + ": expected the folder of a sweep");
}

TEST_F(SweepCommand, RefusesOneFolderForSeveralDataSets) {
  folder_.file("fashion.toml", test::kTinyRecipe);
  write_sweep(
      "[[run]]\n[[run]]\nrecipe = './fashion.toml'\nname = 'fashion'\n"
      "set.data.name = 'fashion-mnist'\n");
  expect_refused(sweep(), "--data " + data_.path().string() +
                              ": the runs of sizes have different images, mnist and fashion-mnist; "
                              "put them into folders named after the data sets, and their parent "
                              "into PUMICE_DATA\n");
}

TEST_F(SweepCommand, RefusesBeforehandWhatItCouldNotEvaluate) {
  const TemporaryFolder flat;
  for (uint8_t i = 0; i < 20; ++i) test::write_plain_png(flat / fmt::format("{}.png", i), {i});
  const std::string folder =
      "[set]\ndata.name = 'folder'\ndata.size = 8\ndata.channels = 1\ntrain.batch = 4\n"
      "[grid]\nlatent.size = [2]\n";
  const auto refusal = [&](const std::string& evaluate) {
    write_sweep("[evaluate]\nsamples = 70\n" + evaluate + folder);
    const ProgramResult result =
        test::run_program({"sweep", folder_ / "sweep.toml", "--data", flat.path(), "--out", out_});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_FALSE(std::filesystem::exists(out_));
    return result.err;
  };
  EXPECT_TRUE(contains(refusal(""), "\npumice: sizes: tiny: " + flat.path().string() +
                                        ": to measure images, a classifier is trained on the "
                                        "folder's classes, and it has none"));
  EXPECT_TRUE(contains(refusal("extractor = 'nothing'\n"),
                       "extractor 'nothing': no such file; expected extractor-mnist, "));
  EXPECT_TRUE(contains(refusal("extractor = 'extractor-mnist'\n"),
                       "pumice: sizes: tiny: extractor-mnist: the extractor takes images of "
                       "[28, 28, 1], the run's are [8, 8, 1]\n"));
}

// The folder is the recipe's here.
TEST_F(SweepCommand, RefusesToEvaluateOnAFolderWithoutClasses) {
  const TemporaryFolder flat;
  for (uint8_t i = 0; i < 20; ++i) test::write_plain_png(flat / fmt::format("{}.png", i), {i});
  write_sweep("[evaluate]\nsamples = 70\n[set]\ndata.name = 'folder'\ndata.path = '" +
              flat.path().string() +
              "'\ndata.size = 8\ndata.channels = 1\ntrain.batch = 4\n[grid]\nlatent.size = [2]\n");
  const ProgramResult result =
      test::run_program({"sweep", folder_ / "sweep.toml", "--dry-run", "--out", out_});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(
      contains(result.err, "a classifier is trained on the folder's classes, and it has none"))
      << result.err;
}

TEST_F(SweepCommand, SharesMinutesAmongItsRuns) {
  test::write_tiny_mnist(data_, 4096, 20);
  folder_.file("tiny.toml", test::slow_recipe());
  const Texts slow{"--set", "train.batch=4", "--epochs", "50", "--minutes", "0.02"};
  const ProgramResult result = sweep(slow);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "full schedules: about "));
  EXPECT_TRUE(contains(result.out, "budget: 0.02 minutes of training, 1 s for each of 2 runs"));
  EXPECT_TRUE(contains(result.out, "2 of 2 runs done, 2 short of the schedule"));
  const std::string table = content_of(out_ / "table.csv");
  EXPECT_TRUE(contains(table, "1,2,short,"));
  EXPECT_TRUE(contains(table, ",50,"));
  EXPECT_FALSE(contains(resume().out, "started")) << "their minutes are used";
  // On a busy machine tests and images alone may take more than a run's part.
  const double used = read_run_length(out_ / "2-latent.size-3/length.json").value().seconds;
  const ProgramResult longer = resume({"--minutes", fmt::to_string(2 * used / 60 + 0.02)});
  EXPECT_EQ(longer.exit_code, 0) << longer.err;
  EXPECT_TRUE(contains(longer.out, "[2/2] latent.size=3: started"));
}

TEST_F(SweepCommand, EvaluatesTheModelsOfAStudy) {
  test::write_tiny_mnist(data_, 64, 40);
  folder_.file("classifier.toml", test::kTinyClassifier);
  folder_.file("gan.toml", test::kTinyGan);
  ASSERT_EQ(test::run_program({"train", folder_ / "classifier.toml", "--data", data_.path(),
                               "--out", folder_ / "classifier"})
                .exit_code,
            0);
  folder_.file("sweep.toml",
               "name = \"both\"\nsource = \"a <report>\"\n"
               "gives = [\"little\"]\nshows = [\"samples\", \"interpolation\"]\n"
               "[evaluate]\nsamples = 30\nrepeats = 2\nextractor = \"" +
                   (folder_ / "classifier").string() +
                   "\"\n[[run]]\nrecipe = \"./tiny.toml\"\n"
                   "[[run]]\nrecipe = \"./gan.toml\"\n");
  const ProgramResult result = sweep();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "[1/2] tiny: trained "));
  EXPECT_TRUE(contains(result.out, "[1/2] tiny: evaluating"));
  EXPECT_TRUE(contains(result.out, "[2/2] tiny-gan: done in "));
  EXPECT_TRUE(contains(result.out, "  FID "));
  EXPECT_TRUE(contains(content_of(out_ / "table.csv"), "seconds,fid,inception_score,extractor,"));
  const std::string page = content_of(out_ / "table.html");
  for (const char* part : {"a &lt;report&gt;", "<li>little</li>", "1-tiny/interpolation.png",
                           "2-tiny-gan/samples/epoch-0002.png", "2 repeats of 30 samples"}) {
    EXPECT_TRUE(contains(page, part));
  }
  const formats::Image all = formats::read_png(out_ / "comparison.png");
  EXPECT_GT(all.width, 1000u);
  EXPECT_GT(all.height, 600u) << "two rows of images of 291 pixels";
  std::filesystem::remove(out_ / "table.html");
  const ProgramResult report = test::run_program({"report", out_});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(content_of(out_ / "table.html"), page);
  EXPECT_EQ(test::run_program({"report", out_, "--out", folder_ / "p.html"}).exit_code, 2);
  std::filesystem::remove(out_ / "2-tiny-gan/evaluation.json");
  const ProgramResult again = resume();
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(contains(again.out, "[2/2] tiny-gan: evaluating"));
  EXPECT_FALSE(contains(again.out, "started"));
}

}  // namespace
}  // namespace pumice
