#include "engine/models/family.h"
#include "engine/models/flow/flow_model.h"
#include "engine/models/flow/flow_spec.h"

namespace pumice::models {
namespace {

constexpr SamplingOption kSampling[] = {
    {.name = "steps",
     .value = 20,
     .least = 1,
     .most = 1000,
     .is_whole = true,
     .help = "Steps from noise to image: more are more exact and slower"},
    {.name = "order",
     .value = 2,
     .least = 1,
     .most = 2,
     .is_whole = true,
     .help = "Order of the solver: 1 is Euler's, 2 the midpoint method (two evaluations a step)"},
    {.name = "guidance",
     .value = 1,
     .least = 0,
     .most = 20,
     .is_conditional = true,
     .help = "How far a conditional model leans towards the class; 1: as it was trained"},
};

}  // namespace

constinit const Family kFlow{.name = "flow",
                             .title = "Rectified flow",
                             .draws = true,
                             .sampling = kSampling,
                             .description = described<FlowDescription>,
                             .build = built<FlowDescription, FlowModel>,
                             .spec = kSpecMaker<FlowSpec>};

void FlowDescription::describe(nn::LayerFields& fields) {
  latent_size = static_cast<uint32_t>(image.size());
  fields.whole("classes", classes, 0);
  fields.whole("time_size", time_size, 2);
  fields.layers("velocity", velocity);
}

}  // namespace pumice::models
