#include "native/training/model_on_device.h"

namespace pumice {

ModelOnDevice::ModelOnDevice(hal::Device& device, const models::Description& description,
                             const models::ModelOptions& options)
    : device_(device),
      model_(description.build(options)),
      inference_(device, *model_, kInferenceBatch) {
  model_->allocate(device);
}

}  // namespace pumice
