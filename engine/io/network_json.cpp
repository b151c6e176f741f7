#include "engine/io/network_json.h"

#include "engine/base/or_list.h"
#include "engine/base/require.h"
#include "engine/io/json_fields.h"
#include "engine/models/family.h"

namespace pumice::io {
namespace {

constexpr uint32_t kVersion = 1;

void require_version(const JsonObject& network) {
  network.require_text("format", "pumice-network");
  const uint32_t version = network.whole("version");
  require(version == kVersion, "{}: expected {}, found {}", network.name_of("version"), kVersion,
          version);
}

const models::Family& read_family(const JsonObject& network) {
  const models::Family* family = models::find_family(network.text("model"));
  if (family != nullptr) return *family;
  std::vector<std::string> names;
  for (std::string_view name : models::family_names()) names.push_back(fmt::format("\"{}\"", name));
  network.refuse("model", or_list(names));
}

Shape read_image(const JsonObject& network) {
  Shape image(network.wholes("picture"));
  require(image.rank() == 3, "{}: expected [height, width, channels], found {}",
          network.name_of("picture"), image);
  return image;
}

}  // namespace

std::string network_to_json(const models::Description& description) {
  Json head{{"format", "pumice-network"},
            {"version", kVersion},
            {"model", description.family().name},
            {"picture", description.image().extents()}};
  JsonWriter writer(std::move(head));
  description.visited(writer);
  return writer.take().dump();
}

models::Description network_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  const JsonObject network(json, where);
  require_version(network);
  const models::Family& family = read_family(network);
  JsonReader reader(json, where, JsonReader::Defaults::kRefused);
  for (const char* key : {"format", "version", "model", "picture"}) reader.ignore(key);
  models::Description description = family.description(read_image(network)).visited(reader);
  reader.finish();
  return description;
}

}  // namespace pumice::io
