// The descriptions of networks in checkpoints.
#include "engine/io/network_json.h"
#include "engine/models/model.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

FUZZ_TARGET(network) {
  fuzz::read_or_refuse([&] {
    const models::Description network = io::network_from_json(fuzz::text_of(data, size), "network");
    const std::string text = io::network_to_json(network);
    fuzz::expect(io::network_to_json(io::network_from_json(text, "network")) == text);
    network.build()->parameter_count();
  });
}
