#pragma once

#include <filesystem>
#include <fstream>

#include "engine/base/cache_folder.h"
#include "engine/io/checkpoint.h"
#include "engine/models/inference.h"
#include "engine/models/latents.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/folders.h"
#include "tests/support/temporary_folder.h"

namespace pumice::test {

/// The web build, which tests in a browser need.
inline const std::filesystem::path kSite = source_folder() / "build/web/site";

inline bool has_page() { return std::filesystem::exists(kSite / "pumice.wasm"); }

/// Where scripts/setup --with-web puts npm's packages.
inline std::filesystem::path npm_folder() { return cache_folder() / "web" / "npm"; }

inline void write_floats(const std::filesystem::path& path, std::span<const float> values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size_bytes()));
}

/// Deterministic weights, large enough that images differ.
inline std::vector<float> browser_weights(uint64_t bytes) {
  std::vector<float> values = models::normal_latents(8, 0, 1, static_cast<uint32_t>(bytes / 4));
  for (float& value : values) value *= 0.15f;
  return values;
}

/// 0 … 1, from bytes as in a file with 8-bit pixels.
inline std::vector<float> to_values(std::span<const uint8_t> bytes) {
  std::vector<float> values;
  for (uint8_t byte : bytes) values.push_back(static_cast<float>(byte) / 255);
  return values;
}

/// Runs tests/web/e2e/`script` with npm's folder, the site and `more`; returns its exit status.
inline int run_check(const std::string& script, const std::string& more) {
  std::string command =
      fmt::format("node '{}/tests/web/e2e/{}' '{}' '{}' {}", source_folder().string(), script,
                  npm_folder().string(), kSite.string(), more);
  return std::system(command.c_str());
}

/// A small model on a device and as a file. Its sizes are not multiples of four, so that
/// kernels reach their edge cases.
class BrowserCase {
 public:
  explicit BrowserCase(hal::Device& device, const models::Description& network = description(),
                       io::TrainingRecord training = {})
      : networks_(network.build()) {
    networks_->allocate(device);
    io::CheckpointContent content{.network = network, .training = std::move(training)};
    for (const models::ParameterSet& set : networks_->parameters()) {
      std::vector<float> values = browser_weights(set.parameters->flat_bytes());
      std::span<const std::byte> bytes = std::as_bytes(std::span(values));
      device.write(*set.parameters->buffer(), bytes);
      content.parameters.push_back(
          {.name = set.prefix, .layout = set.parameters, .bytes = {bytes.begin(), bytes.end()}});
    }
    io::write_checkpoint(folder_ / "model.safetensors", content);
    inference_ = std::make_unique<models::Inference>(device, *networks_, 64);
  }

  static models::VaeDescription description() {
    return {.image = {9, 7, 1},
            .latent_size = 3,
            .encoder = {nn::Linear{.out = 37, .activation = "relu"}, nn::Linear{.out = 6}},
            .decoder = {nn::Linear{.out = 37, .activation = "relu"},
                        nn::Linear{.out = 70, .activation = "tanh"}, nn::Linear{.out = 63}}};
  }

  void write_images(const std::string& name, std::span<const float> latents) {
    write_floats(folder_ / name, inference_->decode(latents));
  }

  models::Inference& inference() { return *inference_; }

  /// images of bytes, as in a file with 8-bit pixels.
  void write_reconstruction(const std::string& name, std::span<const uint8_t> images) {
    write_floats(folder_ / name, inference_->reconstruct(to_values(images)));
  }

  void write_index(std::string_view json) const { std::ofstream(folder_ / "index.json") << json; }

  std::filesystem::path file(const std::string& name) const { return folder_ / name; }

  /// run_check() with this folder and `more`.
  int run(const std::string& script, const std::string& more = "") const {
    return run_check(script, fmt::format("'{}' {}", (folder_ / "").string(), more));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<models::Model> networks_;
  std::unique_ptr<models::Inference> inference_;
};

}  // namespace pumice::test
