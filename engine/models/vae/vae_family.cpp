#include "engine/models/family.h"
#include "engine/models/vae/vae_model.h"
#include "engine/models/vae/vae_spec.h"

namespace pumice::models {

constinit const Family kVae{.name = "vae",
                            .title = "VAE",
                            .draws = true,
                            .encodes = true,
                            .description = described<VaeDescription>,
                            .build = built<VaeDescription, VaeModel>,
                            .spec = kSpecMaker<VaeSpec>};

void VaeDescription::describe(nn::LayerFields& fields) {
  fields.whole("latent_size", latent_size, 1);
  fields.whole("classes", classes, 0);
  describe_choice(fields, "reconstruction", reconstruction, {"bce", "mse"});
  fields.layers("encoder", encoder);
  fields.layers("decoder", decoder);
}

}  // namespace pumice::models
