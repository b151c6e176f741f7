#include "native/training/run_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <set>
#include <thread>

#include "native/recipes/recipe.h"
#include "native/system/folder_lock.h"
#include "native/training/run_files.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/images.h"
#include "tests/support/snapshot.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

/// Creates files with these names, and their folders.
void write(const test::TemporaryFolder& folder, std::initializer_list<std::string> names) {
  for (const std::string& name : names) {
    fs::create_directories((folder / name).parent_path());
    folder.file(name, "content of " + name);
  }
}

std::set<std::string> names_of(const std::vector<fs::path>& paths) {
  return {paths.begin(), paths.end()};
}

TEST(RunFiles, DistinguishesFilesOfARunFromOthers) {
  test::TemporaryFolder folder;
  write(folder,
        {"checkpoint.safetensors", "metrics.csv", "samples/epoch-0001.png",
         "samples/within-epoch-0001.png", "reconstructions/epoch-10000.png", "curves/loss.svg",
         "curves/em_distance.png", "events.out.tfevents.1795709425.pumice.000",
         ".checkpoint.safetensors.123-4.tmp", "checkpoint-previous-1.safetensors",
         ".checkpoint-previous-1.safetensors.12-0.tmp"});
  write(folder, {"notes.txt", "samples/photo01.png", "samples/epoch-1.png", "curves/mine.txt",
                 "events.out.tfevents.1795709425.host", "mine/epoch-0001.png", ".hidden",
                 "checkpoint-mine.safetensors"});
  fs::create_symlink(folder / "mine", folder / "reconstructions/epoch-0002.png");
  const RunFiles files = files_of_run(folder.path());
  EXPECT_EQ(
      names_of(files.own),
      (std::set<std::string>{
          "checkpoint.safetensors", "metrics.csv", "samples/epoch-0001.png",
          "samples/within-epoch-0001.png", "reconstructions/epoch-10000.png", "curves/loss.svg",
          "curves/em_distance.png", "events.out.tfevents.1795709425.pumice.000",
          ".checkpoint.safetensors.123-4.tmp", "checkpoint-previous-1.safetensors",
          ".checkpoint-previous-1.safetensors.12-0.tmp"}));
  EXPECT_EQ(names_of(files.folders),
            (std::set<std::string>{"samples", "reconstructions", "curves"}));
  EXPECT_EQ(names_of(files.foreign),
            (std::set<std::string>{"notes.txt", "samples/photo01.png", "samples/epoch-1.png",
                                   "curves/mine.txt", "events.out.tfevents.1795709425.host", "mine",
                                   ".hidden", "checkpoint-mine.safetensors",
                                   "reconstructions/epoch-0002.png"}));
}

TEST(RunFiles, TreatsALinkedFolderAsForeign) {
  test::TemporaryFolder folder;
  test::TemporaryFolder photos;
  write(photos, {"epoch-0001.png"});
  fs::create_directory_symlink(photos.path(), folder / "samples");
  EXPECT_EQ(names_of(files_of_run(folder.path()).foreign), std::set<std::string>{"samples"});
}

TEST(RunFiles, TreatsAnEditedRecipeAsReplaced) {
  test::TemporaryFolder folder;
  const std::string written = to_toml(load_recipe("vae-mlp-mnist"));
  EXPECT_TRUE(is_written_recipe(written));
  EXPECT_FALSE(is_written_recipe("# my notes\n" + written));
  folder.file("recipe.toml", written);
  EXPECT_EQ(files_of_run(folder.path()).own.size(), 1u);
  folder.file("recipe.toml", "# my notes\n" + written);
  EXPECT_EQ(files_of_run(folder.path()).replaced.size(), 1u);
}

TEST(RunFolder, IsFreeIfNothingIsThere) {
  test::TemporaryFolder folder;
  RunFolder(folder / "missing").require_free(false);
  RunFolder(folder.path()).require_free(false);
  EXPECT_EQ(folder.count(), 0u) << "asking changes nothing";
  const system::FolderLock lock(folder.path());
  RunFolder(folder.path()).require_free(false);
}

TEST(RunFolder, IsNotFreeIfItHoldsOtherFiles) {
  for (const std::string name : {"report.html", "recipe.toml", "metrics.csv", "samples/a.png",
                                 "checkpoint.safetensors", "curves/loss.png", "notes.txt"}) {
    test::TemporaryFolder folder;
    write(folder, {name});
    const auto before = test::snapshot(folder.path());
    for (bool force : {false, true}) {
      const std::string message =
          test::error_of([&] { RunFolder(folder.path()).require_free(force); });
      EXPECT_TRUE(message.starts_with(folder.path().string() + " holds " + name)) << message;
    }
    EXPECT_EQ(test::snapshot(folder.path()), before) << name;
  }
}

/// Files as a run leaves them.
void write_run(const test::TemporaryFolder& folder) {
  for (const char* name : {"samples/epoch-0001.png", "curves/loss.png"}) {
    test::write_plain_png(folder / name, {1, 2, 3});
  }
  folder.file("checkpoint.safetensors", "cut off");
  folder.file("metrics.csv", "epoch,train_loss\n1,2\n");
  folder.file("steps.csv", "step,train_loss\n");
  folder.file("metrics.jsonl", "{\"device\":\"a\"}\n");
  folder.file("failure.txt", "pumice train: out of memory\n");
}

TEST(RunFolder, ClearsFilesOfRunsAndNothingNextToOthers) {
  test::TemporaryFolder folder;
  const system::FolderLock lock(folder.path());
  write_run(folder);
  folder.file("samples/mine.png", "a photo");
  const auto before = test::snapshot(folder.path());
  EXPECT_THROW(RunFolder(folder.path()).clear(), Error);
  EXPECT_EQ(test::snapshot(folder.path()), before);
  fs::remove(folder / "samples/mine.png");
  RunFolder(folder.path()).clear();
  EXPECT_EQ(folder.count(), 1u) << "the lock alone";
}

TEST(RunFolder, KnowsItsFilesByTheirContent) {
  for (const std::string name :
       {"samples/epoch-0001.png", "samples/epoch-0002.png", "curves/loss.png", "curves/loss.svg",
        "curves/my_own.png", "report.html", "evaluation.json", "neighbours.png", "latents.png",
        "latents.json", "metrics.csv", "steps.csv", "metrics.jsonl", "failure.txt",
        "recipe.toml"}) {
    test::TemporaryFolder folder;
    const system::FolderLock lock(folder.path());
    write_run(folder);
    folder.file(name, "the user's own");
    EXPECT_EQ(files_of_run(folder.path()).replaced, std::vector<fs::path>{name});
    const auto before = test::snapshot(folder.path());
    EXPECT_THROW(RunFolder(folder.path()).require_free(true), Error) << name;
    EXPECT_THROW(RunFolder(folder.path()).require_resumable(""), Error) << name;
    EXPECT_THROW(RunFolder(folder.path()).clear(), Error) << name;
    EXPECT_EQ(test::snapshot(folder.path()), before);
  }
}

TEST(RunFolder, KnowsItsCheckpointHoweverManyClassesItNames) {
  const auto safetensors = [](const std::string& header) {
    std::string file;
    for (int shift = 0; shift < 64; shift += 8) file += static_cast<char>(header.size() >> shift);
    return file + header;
  };
  test::TemporaryFolder folder;
  const system::FolderLock lock(folder.path());
  const std::string names(20000, 'c');
  folder.file("checkpoint.safetensors", safetensors("{\"__metadata__\":{\"class_names\":\"" +
                                                    names + "\",\"epoch\":\"1\"}}"));
  RunFolder(folder.path()).require_resumable("");
  const std::string other = safetensors("{\"__metadata__\":{\"format\":\"pt\"}}");
  folder.file("checkpoint-previous-1.safetensors", other);
  EXPECT_EQ(files_of_run(folder.path()).replaced,
            std::vector<fs::path>{"checkpoint-previous-1.safetensors"});
  fs::remove(folder / "checkpoint-previous-1.safetensors");
  folder.file("checkpoint.safetensors", other);
  EXPECT_THROW(RunFolder(folder.path()).require_resumable(""), Error);
}

TEST(RunFolder, KnowsFilesOfAnEarlierVersionByTheirNames) {
  test::TemporaryFolder folder;
  fs::create_directories(folder / "samples");
  folder.file("samples/epoch-0001.png", "without a mark");
  for (int i = 0; i < 2; ++i) {
    const system::FolderLock lock(folder.path());
    EXPECT_TRUE(system::is_of_earlier_version(folder.path()));
    EXPECT_EQ(files_of_run(folder.path()).replaced, std::vector<fs::path>());
  }
}

// Another process has taken the lock, but not yet written who it is.
TEST(FolderLock, NamesAHolderThatHasJustTakenIt) {
  test::TemporaryFolder folder;
  const int file = open((folder / ".pumice").c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(flock(file, LOCK_EX | LOCK_NB), 0);
  std::thread holder([file] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const std::string_view text = "Pumice\nprocess 7 on a host\n";
    EXPECT_EQ(pwrite(file, text.data(), text.size(), 0), ssize_t(text.size()));
  });
  const std::string message = test::error_of([&] { system::FolderLock lock(folder.path()); });
  holder.join();
  close(file);
  EXPECT_TRUE(test::contains(message, " is in use by process 7 on a host: ")) << message;
}

TEST(FolderLock, LeavesTheUsersOwnFileAlone) {
  test::TemporaryFolder folder;
  folder.file(".pumice", "settings");
  EXPECT_THROW(system::FolderLock lock(folder.path()), Error);
  EXPECT_FALSE(system::is_marked(folder.path()));
  EXPECT_EQ(test::content_of(folder / ".pumice"), "settings");
}

TEST(FolderLock, IsHeldByOneAtATime) {
  test::TemporaryFolder folder;
  {
    const system::FolderLock first(folder / "run");
    const std::string message = test::error_of([&] { system::FolderLock second(folder / "run"); });
    EXPECT_TRUE(message.starts_with((folder / "run").string() + " is in use by process " +
                                    std::to_string(getpid()) + " on "))
        << message;
  }
  const system::FolderLock again(folder / "run");
}

TEST(FolderLock, IsSharedByThoseThatWantTo) {
  using Access = system::FolderLock::Access;
  test::TemporaryFolder folder;
  {
    const system::FolderLock first(folder / "sweep", Access::kShared);
    const system::FolderLock second(folder / "sweep", Access::kShared);
    EXPECT_THROW(system::FolderLock(folder / "sweep"), system::FolderInUse);
  }
  const system::FolderLock alone(folder / "sweep");
  EXPECT_THROW(system::FolderLock(folder / "sweep", Access::kShared), system::FolderInUse);
}

// As a power failure leaves it.
TEST(FolderLock, MendsABlankMark) {
  test::TemporaryFolder folder;
  folder.file(".pumice", std::string(30, '\0'));
  EXPECT_TRUE(system::is_marked(folder.path()));
  { const system::FolderLock lock(folder.path()); }
  EXPECT_TRUE(test::content_of(folder / ".pumice").starts_with("Pumice\nprocess "));
}

TEST(FolderLock, GivesEachAskerANumberOfItsOwn) {
  test::TemporaryFolder folder;
  std::vector<fs::path> taken(40);
  std::vector<std::thread> threads;
  for (fs::path& path : taken) {
    threads.emplace_back([&] { path = system::make_numbered_folder(folder / "runs", "vae"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<fs::path>(taken.begin(), taken.end()).size(), taken.size());
  EXPECT_TRUE(fs::is_directory(folder / "runs/vae-40"));
}

}  // namespace
}  // namespace pumice
