#ifdef PUMICE_SERVE
#include <gtest/gtest.h>
#include <signal.h>

#include "native/commands/serve.h"
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
            "pumice: serve: cannot use port " + port + ": Address already in use\n");
}

}  // namespace
}  // namespace pumice
#endif
