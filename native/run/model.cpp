#include "native/run/model.h"

#include <system_error>

#include "engine/base/require.h"
#include "native/run/run_folder.h"

namespace pumice {

Model::Model(hal::Device& device, const nn::VaeDescription& description)
    : device_(device), vae_(parameters_, description), inference_(device, vae_, kInferenceBatch) {
  parameters_.allocate(device, "parameters");
}

void Model::load(const io::Checkpoint& checkpoint) {
  device_.write(*parameters_.buffer(), checkpoint.parameters(parameters_));
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
