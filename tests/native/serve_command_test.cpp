#ifdef PUMICE_SERVE
#include <gtest/gtest.h>

#include "native/commands/serve.h"
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

TEST(Serve, refuses_what_is_no_run_and_no_page) {
  test::TemporaryFolder folder;
  EXPECT_THROW(served_models({(folder / "nothing").string()}), Error);
  EXPECT_THROW(commands::site_folder((folder / "").string()), Error);
}

}  // namespace
}  // namespace pumice
#endif
