#include "engine/models/family.h"
#include "engine/models/gan/gan_model.h"
#include "engine/models/gan/gan_spec.h"

namespace pumice::models {

constinit const Family kGan{.name = "gan",
                            .title = "GAN",
                            .draws = true,
                            .description = described<GanDescription>,
                            .build = built<GanDescription, GanModel>,
                            .spec = kSpecMaker<GanSpec>};

void GanDescription::describe(nn::LayerFields& fields) {
  fields.whole("latent_size", latent_size, 1);
  fields.whole("classes", classes, 0);
  describe_choice(fields, "range", range, {"unit", "symmetric"});
  fields.layers("generator", generator);
  fields.layers("discriminator", discriminator);
}

}  // namespace pumice::models
