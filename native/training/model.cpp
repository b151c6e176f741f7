#include "native/training/model.h"

#include <system_error>

#include "engine/base/require.h"
#include "native/training/run_folder.h"

namespace pumice {

Model::Model(hal::Device& device, const models::Description& description,
             const models::ModelOptions& options)
    : device_(device),
      model_(description.build(options)),
      inference_(device, *model_, kInferenceBatch) {
  model_->allocate(device);
}

std::filesystem::path checkpoint_of(const std::filesystem::path& run) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(run, ignored)) return run;
  std::filesystem::path file = RunFolder(run).checkpoint();
  require(std::filesystem::exists(file, ignored), "{}: expected the folder of a run, found no {}",
          run.string(), file.filename().string());
  return file;
}

}  // namespace pumice
