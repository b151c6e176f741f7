// Checkpoints, exported files and other safetensors.
#include "engine/io/checkpoint.h"
#include "engine/io/latent_map.h"
#include "engine/models/model.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

FUZZ_TARGET(checkpoint) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  fuzz::read_or_refuse([&] { io::SafetensorsHeader({bytes, size}, size, "file"); });
  fuzz::read_or_refuse([&] {
    const io::Checkpoint checkpoint(io::Safetensors({bytes, bytes + size}, "file"));
    fuzz::read_or_refuse([&] { checkpoint.class_names(); });
    fuzz::read_or_refuse([&] { checkpoint.training(); });
    fuzz::read_or_refuse([&] { io::latent_map_of(checkpoint); });
    const auto model = checkpoint.network().build(checkpoint.inference_options());
    for (const models::ParameterSet& set : model->parameters()) checkpoint.parameters(set);
  });
}
