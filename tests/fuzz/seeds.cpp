#include "tests/fuzz/seeds.h"

#include <zlib.h>

#include <fstream>

#include "engine/io/checkpoint.h"
#include "engine/models/flow/flow.h"
#include "engine/models/gan/gan.h"
#include "engine/models/vae/vae.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/image_files.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

fs::path root;

fs::path place(const std::string& target, const std::string& name) {
  fs::create_directories(root / target);
  return root / target / name;
}

void put(const std::string& target, const std::string& name, const test::Bytes& bytes) {
  std::ofstream(place(target, name), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

void put_checkpoint(const std::string& name, const models::Description& network) {
  const auto model = network.build();
  io::CheckpointContent content{.network = network,
                                .training = {.recipe = "name = \"tiny\"",
                                             .seed = 1,
                                             .step = 2,
                                             .epoch = 1,
                                             .metrics = {{1, {{"loss", 1.5}}, {{"loss", 2}}}},
                                             .class_names = {"a", "b"},
                                             .data = io::DataRecord{2, 1, std::string(32, '0')},
                                             .device = "cpu",
                                             .tuning = "{}"},
                                .parameters = {},
                                .state = {}};
  for (const models::ParameterSet& set : model->parameters()) {
    content.parameters.push_back({.name = set.prefix,
                                  .layout = set.parameters,
                                  .bytes = std::vector<std::byte>(set.parameters->flat_bytes())});
  }
  io::write_checkpoint(place("checkpoint", name), content);
}

void put_checkpoints() {
  using nn::Linear;
  put_checkpoint("vae", models::VaeDescription{.image = {2, 2, 1},
                                               .latent_size = 1,
                                               .encoder = {Linear{.out = 2}},
                                               .decoder = {Linear{.out = 4}}});
  put_checkpoint("gan", models::GanDescription{.image = {2, 2, 1},
                                               .latent_size = 1,
                                               .classes = 2,
                                               .generator = {Linear{.out = 4}},
                                               .discriminator = {Linear{.out = 1}}});
}

test::Bytes gzipped(const test::Bytes& bytes) {
  const std::string path = place("idx", "gzipped").string();
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data() + 1, static_cast<unsigned>(bytes.size() - 1));
  gzclose(file);
  std::ifstream stream(path, std::ios::binary);
  test::Bytes packed{bytes[0]};
  packed.insert(packed.end(), std::istreambuf_iterator<char>(stream), {});
  return packed;
}

void put_idx() {
  // The first byte selects the reader: see idx.cpp.
  const test::Bytes images{0, 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4};
  put("idx", "images", images);
  put("idx", "both", {1, 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9,
                      0, 0, 8, 1, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0});
  put("idx", "gzipped", gzipped(images));
}

test::Bytes selected(test::Bytes bytes) {
  bytes.insert(bytes.begin(), 3);
  return bytes;
}

void put_images() {
  for (const int color : {0, 2, 4, 6}) {
    test::PngParts parts{.width = 3, .height = 2, .color_type = color};
    parts.rows.assign(3 * 2 * 4, 100);
    put("image", "png" + std::to_string(color), selected(test::png_file(parts)));
  }
  put("image", "palette",
      selected(test::png_file({.width = 2,
                               .height = 1,
                               .color_type = 3,
                               .rows = {0, 1},
                               .palette = {1, 2, 3, 4, 5, 6},
                               .interlaced = true})));
  for (const uint32_t channels : {1u, 3u, 4u}) {
    test::JpegParts parts{.width = 9, .height = 8, .channels = channels};
    parts.values.assign(size_t{9} * 8 * channels, 90);
    parts.exif = test::exif(6, channels == 3);
    parts.progressive = channels == 3;
    put("image", "jpeg" + std::to_string(channels), selected(test::jpeg_file(parts)));
  }
}

void put_cifar() {
  test::Bytes record(3074, 1);
  put("cifar", "whole", record);
  put("cifar", "short", {0, 1, 2});
}

}  // namespace

void fuzz::write_seeds(const fs::path& folder) {
  root = folder;
  put_checkpoints();
  put_idx();
  put_images();
  put_cifar();
}

}  // namespace pumice
