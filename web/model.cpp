#include "web/model.h"

namespace pumice::web {

Model::Model(hal::Device* device, std::string name, std::vector<std::byte> file)
    : Model(device, name, io::Checkpoint(io::Safetensors(std::move(file), name))) {}

Model::Model(hal::Device* device, std::string name, const io::Checkpoint& checkpoint)
    : name_(std::move(name)),
      training_(checkpoint.training()),
      vae_(parameters_, checkpoint.network()) {
  if (device == nullptr) return;
  parameters_.allocate(*device, "parameters");
  device->write(*parameters_.buffer(), checkpoint.parameters(parameters_));
}

}  // namespace pumice::web
