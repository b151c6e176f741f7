#include "tests/web/page_models.h"

#include <fmt/format.h>

#include <numeric>
#include <vector>

#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/reshape.h"
#include "engine/nn/layers/upsample2d.h"
#include "web/state/directions.h"
#include "web/state/slot.h"

namespace pumice::test {
namespace {

constexpr const char* kIndex = R"([{"name": "tiny", "file": "tiny.safetensors"},
                                   {"name": "flat", "file": "flat.safetensors"},
                                   {"name": "deep", "file": "deep.safetensors"},
                                   {"name": "large", "file": "large.safetensors"},
                                   {"name": "named", "file": "named.safetensors"},
                                   {"name": "gone", "file": "gone.safetensors"}])";

// Half the difference between the images at +1 and -1 of each latent number, [pixels, numbers].
std::vector<float> jacobian_at_origin(models::Inference& inference, uint32_t size) {
  std::vector<float> points;
  for (uint32_t i = 0; i < 2 * size; ++i) {
    points.resize(points.size() + size);
    points[size_t{i} * size + i / 2] = i % 2 == 0 ? 1 : -1;
  }
  const std::vector<float> images = inference.decode(points);
  const size_t pixels = inference.image_size();
  std::vector<float> jacobian(pixels * size);
  for (size_t k = 0; k < size; ++k) {
    for (size_t pixel = 0; pixel < pixels; ++pixel) {
      jacobian[pixel * size + k] =
          (images[2 * k * pixels + pixel] - images[(2 * k + 1) * pixels + pixel]) / 2;
    }
  }
  return jacobian;
}

std::vector<uint8_t> drawing_bytes(size_t count) {
  std::vector<uint8_t> drawing(count);
  for (size_t i = 0; i < count; ++i) drawing[i] = static_cast<uint8_t>(i * 37);
  return drawing;
}

// The mean of each image.
void write_means(BrowserCase& browser, const std::string& name, std::span<const float> images,
                 size_t size) {
  std::vector<float> means;
  for (size_t at = 0; at < images.size(); at += size) {
    const auto image = images.subspan(at, size);
    means.push_back(static_cast<float>(std::reduce(image.begin(), image.end(), 0.0) /
                                       static_cast<double>(size)));
  }
  write_floats(browser.file(name), means);
}

}  // namespace

std::vector<float> tiny_latents(uint64_t seed, uint32_t first, uint32_t count, float truncation) {
  std::vector<float> latents = models::normal_latents(seed, first, count, 3);
  for (float& value : latents) value *= truncation;
  return latents;
}

void write_samples(BrowserCase& browser) {
  browser.write_index(kIndex);
  browser.write_images("seed1.f32", tiny_latents(1, 0, 64));
  browser.write_images("seed2.f32", tiny_latents(2, 0, 64));
  browser.write_images("truncated.f32", tiny_latents(2, 0, 9, 0.5f));
  browser.write_images("path.f32",
                       models::interpolate(tiny_latents(1, 0, 1), tiny_latents(1, 1, 1), 16, true));
}

void write_points(BrowserCase& browser) {
  const std::vector<float> explored = {0.5f, -1, 2};
  browser.write_images("explored.f32", explored);
  browser.write_images("slid.f32", std::vector<float>{0.5f, 4, 2});
  browser.write_images("middle.f32", std::vector<float>(3));
  browser.write_images("moved.f32", std::vector<float>{0, 0, 0,  1, 0, 0, -1, 0, 0, 0, 1,
                                                       0, 0, -1, 0, 0, 0, 1,  0, 0, -1});
  browser.write_images("linked.f32",
                       models::interpolate(tiny_latents(3, 7, 1, 0.5f), explored, 6, false));
}

void write_deep(hal::Device& device, BrowserCase& browser) {
  models::VaeDescription network = BrowserCase::description();
  const uint32_t size = network.latent_size = 16;
  network.encoder.back() = nn::Linear{.out = 2 * size};
  BrowserCase deep(device, network);
  const std::vector<double> gram =
      web::gram_matrix(jacobian_at_origin(deep.inference(), size), size);
  const web::Direction direction = web::leading_eigenvectors(gram, size, 1).front();
  std::vector<float> point = web::typical_slot(1, size).latent;
  deep.write_images("deep-typical.f32", point);
  web::set_coordinate(point, direction, 4);
  deep.write_images("deep-directed.f32", point);
  web::set_coordinate(point, direction, 0);
  deep.write_images("deep-zero.f32", point);
  for (const char* name : {"deep-typical.f32", "deep-directed.f32", "deep-zero.f32"}) {
    std::filesystem::copy_file(deep.file(name), browser.file(name));
  }
  std::filesystem::copy_file(deep.file("model.safetensors"), browser.file("deep.safetensors"));
}

void write_drawing(BrowserCase& browser, const std::string& name, size_t bytes) {
  const std::vector<uint8_t> drawing = drawing_bytes(bytes);
  std::ofstream(browser.file(name + ".u8"), std::ios::binary)
      .write(reinterpret_cast<const char*>(drawing.data()), static_cast<std::streamsize>(bytes));
  browser.write_reconstruction(name + "-again.f32", drawing);
}

void write_plane(hal::Device& device, BrowserCase& browser) {
  models::VaeDescription network = BrowserCase::description();
  network.latent_size = 2;
  network.image = {9, 7, 3};
  network.encoder.back() = nn::Linear{.out = 2 * network.latent_size};
  network.decoder.back() = nn::Linear{.out = static_cast<uint32_t>(network.image.size())};
  BrowserCase flat(device, network);
  const auto edge = static_cast<float>(models::inverse_normal_cdf(1 - 1e-4f));
  flat.write_images("plane.f32", std::vector<float>(2));
  flat.write_images("corner.f32", std::vector<float>{edge, -edge});
  flat.write_images("coloured.f32",
                    models::interpolate(models::normal_latents(1, 0, 1, 2),
                                        models::normal_latents(1, 1, 1, 2), 16, true));
  write_drawing(flat, "colours", 9 * 7 * 3);
  for (const char* name :
       {"plane.f32", "corner.f32", "coloured.f32", "colours.u8", "colours-again.f32"}) {
    std::filesystem::copy_file(flat.file(name), browser.file(name));
  }
  std::filesystem::copy_file(flat.file("model.safetensors"), browser.file("flat.safetensors"));
}

void write_other(hal::Device& device, BrowserCase& browser) {
  models::VaeDescription network = BrowserCase::description();
  network.reconstruction = models::Reconstruction::kSquaredError;
  BrowserCase other(device, network);
  other.write_images("other-seed1.f32", tiny_latents(1, 0, 64));
  other.write_images("other-explored.f32", std::vector<float>{0.5f, -1, 2});
  for (const char* name : {"other-seed1.f32", "other-explored.f32"}) {
    std::filesystem::copy_file(other.file(name), browser.file(name));
  }
  std::filesystem::copy_file(other.file("model.safetensors"), browser.file("other.safetensors"));
}

void write_wide(hal::Device& device, BrowserCase& browser) {
  models::VaeDescription network = BrowserCase::description();
  network.latent_size = 5;
  network.encoder.back() = nn::Linear{.out = 2 * network.latent_size};
  BrowserCase wide(device, network);
  wide.write_images("wide-first.f32", models::normal_latents(1, 0, 1, network.latent_size));
  std::filesystem::copy_file(wide.file("wide-first.f32"), browser.file("wide-first.f32"));
  std::filesystem::copy_file(wide.file("model.safetensors"), browser.file("wide.safetensors"));
}

void write_large(hal::Device& device, BrowserCase& browser) {
  models::VaeDescription network{
      .image = {700, 700, 1},
      .latent_size = 2,
      .encoder = {nn::Linear{.out = 4}},
      .decoder = {nn::Linear{.out = 400}, nn::Linear{.out = 4}, nn::Reshape{.shape = {2, 2, 1}},
                  nn::Upsample2d{.scale = 350}}};
  BrowserCase large(device, network);
  const size_t size = network.image.size();
  const std::vector<float> latents = models::normal_latents(1, 0, 64, 2);
  write_means(browser, "large-seed1.f32", large.inference().decode(latents), size);
  const auto point = [&](size_t i) { return std::span(latents).subspan(2 * i, 2); };
  write_means(browser, "large-path.f32",
              large.inference().decode(models::interpolate(point(0), point(1), 16, false)), size);
  std::filesystem::copy_file(large.file("model.safetensors"), browser.file("large.safetensors"));
}

void write_named(hal::Device& device, BrowserCase& browser) {
  models::VaeDescription network = BrowserCase::description();
  network.classes = 3;
  const std::vector<std::string> names = {"cat", "dog", "кот"};
  BrowserCase named(device, network, {.class_names = names});
  const std::vector<float> latents = tiny_latents(1, 0, 64);
  write_drawing(browser, "grays", 9 * 7);
  const std::vector<float> drawing = to_values(drawing_bytes(9 * 7));
  for (uint32_t label = 0; label < network.classes; ++label) {
    const std::vector<uint32_t> labels(64, label);
    write_floats(browser.file(fmt::format("named-{}.f32", label)),
                 named.inference().decode(latents, labels));
    write_floats(browser.file(fmt::format("named-{}-again.f32", label)),
                 named.inference().reconstruct(drawing, std::span(labels).first(1)));
  }
  std::filesystem::copy_file(named.file("model.safetensors"), browser.file("named.safetensors"));
}

}  // namespace pumice::test
