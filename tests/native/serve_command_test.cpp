#ifdef PUMICE_SERVE
#include <gtest/gtest.h>
#include <signal.h>

#include "engine/io/safetensors.h"
#include "native/commands/serve.h"
#include "native/serving/http.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using commands::model_index;
using commands::served_models;

TEST(Serve, names_runs_by_folder_and_files_by_name) {
  test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "one");
  std::filesystem::create_directories(folder / "other/one");
  for (const char* file :
       {"one/checkpoint.safetensors", "other/one/checkpoint.safetensors", "digits.safetensors"}) {
    folder.file(file, "");
  }
  auto models = served_models({(folder / "one").string(), (folder / "other/one").string(),
                               (folder / "digits.safetensors").string()});
  ASSERT_EQ(models.size(), 3u);
  EXPECT_EQ(models[0].name, "one");
  EXPECT_EQ(models[1].name, "one (2)");
  EXPECT_EQ(models[2].name, "digits");
  EXPECT_EQ(
      model_index({models[0], models[1]}),
      R"json([{"file":"0.safetensors","name":"one"},{"file":"1.safetensors","name":"one (2)"}])json");
}

TEST(Serve, lists_thumbnails_of_exported_files) {
  test::TemporaryFolder folder;
  io::write_safetensors(folder / "a.safetensors", {},
                        {{"thumbnail", "data:image/png;base64,AA=="}});
  EXPECT_EQ(
      model_index(served_models({(folder / "a.safetensors").string()})),
      R"json([{"file":"0.safetensors","name":"a","thumbnail":"data:image/png;base64,AA=="}])json");
}

TEST(Serve, refuses_what_is_neither_a_run_nor_a_page) {
  test::TemporaryFolder folder;
  EXPECT_THROW(served_models({(folder / "nothing").string()}), Error);
  EXPECT_THROW(commands::site_folder((folder / "").string()), Error);
}

/// The port of "serving … on http://127.0.0.1:PORT/ …".
std::string port_of(const std::string& out) {
  const std::string before = "http://127.0.0.1:";
  const size_t at = out.find(before) + before.size();
  return out.substr(at, out.find('/', at) - at);
}

TEST(Serve, leaves_a_port_to_the_server_that_has_it) {
  test::TemporaryFolder folder;
  folder.file("pumice.wasm", "");
  test::Program first({"serve", "--site", folder.path(), "--port", "0"});
  ASSERT_TRUE(first.wait_for_output("(Ctrl-C stops)"));
  const std::string port = port_of(first.output());
  test::Program second({"serve", "--site", folder.path(), "--port", port});
  ASSERT_TRUE(second.wait_for_output("(Ctrl-C stops)"));
  EXPECT_NE(port_of(second.output()), port);
  second.send(SIGINT);
  EXPECT_EQ(second.wait().err,
            "pumice: serve: cannot use port " + port + " of 127.0.0.1: Address already in use\n");
}

TEST(Serve, reads_the_ranges_that_browsers_ask_for) {
  using serving::FileRange;
  using serving::requested_range;
  EXPECT_EQ(requested_range("bytes=0-99", 1000), (FileRange{0, 100}));
  EXPECT_EQ(requested_range("bytes=100-", 1000), (FileRange{100, 1000}));
  EXPECT_EQ(requested_range("bytes=-8", 1000), (FileRange{992, 1000}));
  EXPECT_EQ(requested_range("bytes=-2000", 1000), (FileRange{0, 1000}));
  EXPECT_EQ(requested_range("bytes=990-2000", 1000), (FileRange{990, 1000}));
  EXPECT_EQ(requested_range("bytes=1000-", 1000), (FileRange{1000, 1000}));
  for (const char* other : {"", "bytes=", "bytes=-", "bytes=9-1", "bytes=0-1,5-6", "rows=0-1",
                            "bytes=x-1", "bytes=1-x"}) {
    EXPECT_EQ(requested_range(other, 1000), std::nullopt) << other;
  }
}

TEST(Serve, answers_to_names_of_this_machine_only) {
  using serving::names_this_machine;
  for (const char* own : {"127.0.0.1", "127.0.0.1:8080", "localhost:80", "LocalHost", "[::1]:8080",
                          "192.168.0.7:8080", "Box.local:8080"}) {
    EXPECT_TRUE(names_this_machine(own, {"box", "box.local"})) << own;
  }
  for (const char* other : {"", "evil.example", "evil.example:8080", "localhost.evil.example",
                            "127.0.0.1.evil.example", "[::1", "box2", "[evil]:80"}) {
    EXPECT_FALSE(names_this_machine(other, {"box", "box.local"})) << other;
  }
}

TEST(Serve, refuses_a_checkpoint_that_links_out_of_its_run) {
  test::TemporaryFolder folder;
  folder.file("secret", "");
  std::filesystem::create_directories(folder / "run");
  std::filesystem::create_symlink("../secret", folder / "run/checkpoint.safetensors");
  EXPECT_THROW(served_models({(folder / "run").string()}), Error);
  folder.file("run/other.safetensors", "");
  std::filesystem::remove(folder / "run/checkpoint.safetensors");
  std::filesystem::create_symlink("other.safetensors", folder / "run/checkpoint.safetensors");
  EXPECT_EQ(served_models({(folder / "run").string()})[0].name, "run");
}

TEST(Serve, refuses_what_is_not_an_address) {
  test::TemporaryFolder folder;
  folder.file("pumice.wasm", "");
  const test::ProgramResult result =
      test::run_program({"serve", "--site", folder.path(), "--host", "here"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "pumice: serve: --host expects an IPv4 or IPv6 address, found 'here'\n");
}

}  // namespace
}  // namespace pumice
#endif
