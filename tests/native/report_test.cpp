#include <gtest/gtest.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#include <stb_image.h>

#include <cmath>
#include <limits>

#include "native/formats/image.h"
#include "native/formats/metrics_csv.h"
#include "native/formats/plot.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice::formats {
namespace {

using test::content_of;
using test::error_of;
using test::TemporaryFolder;

TEST(Image, LaysOutAGrid) {
  std::vector<uint8_t> pixels{1, 2, 3, 4, 5, 6};  // three images of 1 x 2
  Image image = grid(pixels, 1, 2, 1, {.columns = 2, .margin = 1, .background = 9});
  EXPECT_EQ(image.width, 7u);
  EXPECT_EQ(image.height, 5u);
  EXPECT_EQ(image.pixels, (std::vector<uint8_t>{9, 9, 9, 9, 9, 9, 9,  //
                                                9, 1, 2, 9, 3, 4, 9,  //
                                                9, 9, 9, 9, 9, 9, 9,  //
                                                9, 5, 6, 9, 9, 9, 9,  //
                                                9, 9, 9, 9, 9, 9, 9}));
}

TEST(Image, ScalesColours) {
  std::vector<uint8_t> pixels{1, 2, 3, 4, 5, 6};  // one image of 1 x 2, three channels
  Image image = scaled(grid(pixels, 1, 2, 3, {.margin = 0}), 2);
  EXPECT_EQ(image.width, 4u);
  EXPECT_EQ(image.height, 2u);
  EXPECT_EQ(image.pixels, (std::vector<uint8_t>{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,  //
                                                1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}));
}

TEST(Image, ChoosesNearlySquareGrids) {
  std::vector<uint8_t> pixels(10);
  Image image = grid(pixels, 1, 1, 1, {.margin = 0});
  EXPECT_EQ(image.width, 4u);
  EXPECT_EQ(image.height, 3u);
}

TEST(Image, NeedsWholeImages) {
  std::vector<uint8_t> pixels(5);
  EXPECT_EQ(error_of([&] { grid(pixels, 2, 2, 1); }),
            "grid: expected whole images of 2x2x1, got 5 bytes");
}

void expect_png(const std::filesystem::path& path, const Image& image) {
  int width = 0, height = 0, channels = 0;
  stbi_uc* pixels = stbi_load(path.c_str(), &width, &height, &channels, 0);
  ASSERT_NE(pixels, nullptr);
  EXPECT_EQ(width, static_cast<int>(image.width));
  EXPECT_EQ(height, static_cast<int>(image.height));
  EXPECT_EQ(channels, static_cast<int>(image.channels));
  EXPECT_TRUE(std::equal(image.pixels.begin(), image.pixels.end(), pixels));
  stbi_image_free(pixels);
}

TEST(Image, WritesPng) {
  TemporaryFolder folder;
  for (uint32_t channels : {1u, 3u}) {
    Image image{.width = 31, .height = 17, .channels = channels, .pixels = {}};
    for (uint32_t i = 0; i < 31 * 17 * channels; ++i) image.pixels.push_back(uint8_t(i * i));
    write_png(folder / "image.png", image);
    expect_png(folder / "image.png", image);
  }
}

TEST(Curve, TicksAreNice) {
  EXPECT_EQ(nice_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(nice_ticks(103, 187, 5), (std::vector<double>{100, 120, 140, 160, 180, 200}));
  EXPECT_EQ(nice_ticks(-0.5, 0.5, 4), (std::vector<double>{-0.5, 0, 0.5}));
  EXPECT_EQ(nice_ticks(3, 3, 4), (std::vector<double>{2.5, 3, 3.5}));
  EXPECT_EQ(error_of([] { nice_ticks(1, std::nan(""), 5); }),
            "nice_ticks: expected finite low <= high, got 1 and nan");
}

TEST(Curve, HasNoTicksBetweenEpochs) {
  Plot plot{.title = "", .x_label = "", .y_label = "", .series = {{"a", {{1, 4}, {3, 7}}}}};
  EXPECT_TRUE(test::contains(to_svg(plot), ">1.2<"));
  plot.whole_x = true;
  EXPECT_FALSE(test::contains(to_svg(plot), ">1.2<"));
  EXPECT_TRUE(test::contains(to_svg(plot), ">2<"));
}

Plot losses() {
  Plot plot{.title = "vae-mlp-mnist", .x_label = "epoch", .y_label = "nats & bits", .series = {}};
  plot.series = {{"train", {}}, {"test", {}}};
  for (int epoch = 1; epoch <= 20; ++epoch) {
    plot.series[0].points.push_back({double(epoch), 100 + 80 * std::exp(-epoch / 3.0)});
    plot.series[1].points.push_back({double(epoch), 102 + 70 * std::exp(-epoch / 3.0)});
  }
  return plot;
}

TEST(Curve, WritesSvg) {
  std::string svg = to_svg(losses());
  EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1080\""))
      << "960, and 60 and 5 letters of 12 for the legend";
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  for (const char* text :
       {">train<", ">test<", ">vae-mlp-mnist<", ">epoch<", ">nats &amp; bits<"}) {
    EXPECT_NE(svg.find(text), svg.npos) << text;
  }
}

TEST(Curve, WritesByExtension) {
  TemporaryFolder folder;
  write_plot(folder / "curve.svg", losses());
  EXPECT_EQ(content_of(folder / "curve.svg"), to_svg(losses()));
  write_plot(folder / "curve.png", losses());
  expect_png(folder / "curve.png", to_image(losses()));
  std::string other = folder / "curve.gif";
  EXPECT_EQ(error_of([&] { write_plot(other, losses()); }),
            other + ": a plot is written as .svg or .png");
}

TEST(Curve, DrawsWhatLittleThereIs) {
  to_image({});
  Plot plot = losses();
  plot.series = {{"one", {{1, 5}}}, {"lost", {{1, std::nan("")}}}, {"none", {}}};
  Image image = to_image(plot);
  // The point of the first series has its colour.
  bool blue = false;
  for (size_t i = 0; i < image.pixels.size(); i += 3) {
    blue |= image.pixels[i] == 0 && image.pixels[i + 1] == 114 && image.pixels[i + 2] == 178;
  }
  EXPECT_TRUE(blue);
}

const std::vector<std::string> kColumns{"epoch", "loss"};

TEST(MetricsCsv, AppendsRows) {
  TemporaryFolder folder;
  MetricsCsv metrics(folder / "metrics.csv", kColumns);
  EXPECT_EQ(content_of(folder / "metrics.csv"), "epoch,loss\n");
  metrics.append(std::vector<double>{1, 103.25});
  metrics.append(std::vector<double>{2, std::nan("")});
  EXPECT_EQ(content_of(folder / "metrics.csv"), "epoch,loss\n1,103.25\n2,nan\n");
  EXPECT_EQ(metrics.table().rows.size(), 2u);
}

TEST(MetricsCsv, ReadsWhatItWrote) {
  TemporaryFolder folder;
  MetricsCsv metrics(folder / "metrics.csv", kColumns);
  metrics.append(std::vector<double>{1, double(1.1f)});
  MetricsTable table = read_metrics(folder / "metrics.csv");
  EXPECT_EQ(table.columns, kColumns);
  EXPECT_EQ(float(table.rows.at(0).at(1)), 1.1f);
}

/// What a checkpoint knows of its epochs.
MetricsTable of_checkpoint(uint32_t epochs) {
  MetricsTable table{.columns = kColumns, .rows = {}};
  for (uint32_t epoch = 1; epoch <= epochs; ++epoch) table.rows.push_back({double(epoch), 0.5});
  return table;
}

/// Continues the file; returns the warnings.
std::string resume(const std::string& path, uint32_t epochs) {
  std::string warnings;
  MetricsCsv::resume(path, of_checkpoint(epochs), "they are halves now",
                     [&](const std::string& text) { warnings += text + "\n"; });
  return warnings;
}

TEST(MetricsCsv, ResumesAfterTheCheckpoint) {
  TemporaryFolder folder;
  auto path = folder.file("metrics.csv", "epoch,loss\n1,10\n2,9\n3,8\n4,");
  EXPECT_EQ(resume(path, 2), "");
  EXPECT_EQ(content_of(path), "epoch,loss\n1,10\n2,9\n");
  folder.file("metrics.csv", "epoch,loss\n1,10\n2,9\n3,x\n");
  EXPECT_EQ(resume(path, 2), "");  // the damaged row would have been dropped
}

TEST(MetricsCsv, TakesLostRowsFromTheCheckpoint) {
  TemporaryFolder folder;
  const std::string path = folder / "metrics.csv";
  EXPECT_EQ(resume(path, 0), "");
  std::filesystem::remove(path);
  const std::string end = " were lost (epochs 1 to 2): they are halves now\n";
  EXPECT_EQ(resume(path, 2), path + ": it is missing; 2 of 2 rows" + end);
  EXPECT_EQ(content_of(path), "epoch,loss\n1,0.5\n2,0.5\n");
  folder.file("metrics.csv", "epoch,loss\n1,10\n2\n3,8\n");
  EXPECT_EQ(resume(path, 3), path +
                                 ": line 3 is damaged; 2 of 3 rows were lost (epochs 2 to 3): "
                                 "they are halves now\n");
  EXPECT_EQ(content_of(path), "epoch,loss\n1,10\n2,0.5\n3,0.5\n");
  folder.file("metrics.csv", "epoch,loss\nnan,10\n2,9\n");
  EXPECT_EQ(resume(path, 2),
            path + ": rows are missing; 1 of 2 rows were lost (epoch 1): they are halves now\n");
}

TEST(MetricsCsv, KeepsTheExtractorOfEachRow) {
  TemporaryFolder folder;
  const auto resume_by = [](const std::string& path, uint32_t epochs) {
    MetricsTable table = of_checkpoint(epochs);
    table.names_extractor = true;
    return MetricsCsv::resume(path, table, "", [](const std::string& /*text*/) {});
  };
  const std::string path = folder.file("metrics.csv", "epoch,loss,extractor\n1,9,c76410bb\n2,8,cu");
  resume_by(path, 2).append(std::vector<double>{3, 7}, "2271e252");
  EXPECT_EQ(content_of(path), "epoch,loss,extractor\n1,9,c76410bb\n2,0.5,\n3,7,2271e252\n");
  EXPECT_EQ(read_metrics(path).columns, kColumns);
  EXPECT_EQ(read_metrics(path).extractors, (std::vector<std::string>{"c76410bb", "", "2271e252"}));
  folder.file("metrics.csv", "epoch,loss,extr");
  EXPECT_EQ(resume_by(path, 0).table().rows.size(), 0u) << "a header that was cut";
  folder.file("metrics.csv", "epoch,loss\n1,9\n");
  resume_by(path, 1);
  EXPECT_EQ(content_of(path), "epoch,loss,extractor\n1,9,\n") << "of an earlier version";
}

TEST(MetricsCsv, RefusesWhatDoesNotFit) {
  TemporaryFolder folder;
  std::string path = folder.file("metrics.csv", "epoch,kl\n1,x\n");
  EXPECT_EQ(error_of([&] { read_metrics(path); }), path + ":2: expected a number, found 'x'");
  folder.file("metrics.csv", "epoch,kl\n1," + std::string(3, '\0') + "\n");
  EXPECT_EQ(error_of([&] { read_metrics(path); }),
            path + ":2: expected a number, found zero bytes");
  folder.file("metrics.csv", "epoch,kl\n1\n");
  EXPECT_EQ(error_of([&] { read_metrics(path); }), path + ":2: expected 2 numbers, found 1");
  folder.file("metrics.csv", "epoch,kl\n1,2\n");
  EXPECT_EQ(error_of([&] { resume(path, 1); }),
            path + ": expected columns epoch,loss, found epoch,kl");
  MetricsCsv metrics(path, kColumns);
  EXPECT_EQ(error_of([&] { metrics.append(std::vector<double>{1}); }),
            path + ": expected 2 numbers, got 1");
}

}  // namespace
}  // namespace pumice::formats
