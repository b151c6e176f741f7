#include "web/panels/bench.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/drawing/layout.h"
#include "web/drawing/table.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr double kUpdate = 500;  // milliseconds from one frame to the next
constexpr double kCopied = 2000;

}  // namespace

Panel::Explanation BenchPanel::explanation() const {
  return {"what is measured?",
          "Images per second in training a small VAE (vae-mlp-mnist) and a convolutional GAN "
          "(dcgan-cifar10) in batches of 128, as pumice bench measures it anywhere else. The first "
          "losses are compared with known ones: a device that computes wrongly does not count. "
          "The ceilings are what the device reaches in the simplest programs."};
}

void BenchPanel::draw() {
  switch (bench_.state) {
    case Bench::State::kNone:
      draw_start("Run the benchmark");
      break;
    case Bench::State::kRunning:
      draw_progress();
      break;
    case Bench::State::kDone:
      draw_result();
      break;
    case Bench::State::kFailed:
      ImGui::TextWrapped("%s", bench_.problem.c_str());
      draw_start("Try again");
  }
}

void BenchPanel::draw_start(const char* label) {
  const bool is_webgpu = uses_webgpu(workspace_.device->limits());
  if (main_button(label)) {
    bench_ = {.state = Bench::State::kRunning, .began = page_now()};
    page_bench_start(is_webgpu ? 1 : 0);
  }
  quiet_text(
      fmt::format("Measures {}, as chosen in the Device tab, for about a minute: longer on a "
                  "slow one. Leave this page open and in front. Nothing is sent.",
                  is_webgpu ? "the graphics card (WebGPU)" : "the processor, by one thread"));
}

void BenchPanel::draw_progress() {
  const double expected = page_bench_seconds();
  const double seconds = (page_now() - bench_.began) / 1e3;
  ImGui::ProgressBar(static_cast<float>(std::min(seconds / expected, 0.99)), ImVec2(-1, 0),
                     fmt::format("{:.0f} s", seconds).c_str());
  quiet_text(bench_.stage.empty() ? "Loading the benchmark …"
                                  : fmt::format("Measuring {} …", bench_.stage));
  if (!bench_.note.empty()) quiet_text(bench_.note);
  if (ImGui::Button("Stop")) {
    page_bench_stop();
    bench_ = {};
  }
  workspace_.next_frame = kUpdate;
}

void BenchPanel::draw_result() {
  const bool is_new = copied_ > 0 && page_now() - copied_ < kCopied;
  if (main_button(is_new ? "Copied" : "Copy as Markdown")) {
    page_bench_copy();
    copied_ = page_now();
    workspace_.next_frame = kCopied;
  }
  if (flow_button("Save JSON")) page_bench_save();
  if (flow_button("Run again")) bench_ = {};
  quiet_text(bench_.setting);
  draw_table("bench", bench_.rows);
}

}  // namespace pumice::web
