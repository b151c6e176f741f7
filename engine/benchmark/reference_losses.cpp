// The losses of the workloads' first steps on the CPU device (x86-64-v4), from the field "losses"
// of
//   pumice bench --device cpu --seconds 120 -o reference.json
// Others were off by at most (relative): lavapipe 6e-7 in the VAE's first ten steps and 9e-3 after,
// 4e-5 in the DCGAN's first two steps and, as they get chaotic, 5e-2 in its tenth; SwiftShader 6e-7
// in the VAE's first ten.
#include "engine/benchmark/gate.h"

namespace pumice::benchmark {
namespace {

const Reference& vae_losses() {
  static const Reference reference{
      .curves = {{"loss", {544.106995, 527.840881, 509.568359, 485.957916, 454.291595, 421.420105,
                           387.937073, 384.922363, 366.394653, 374.295166, 353.094791, 349.313168,
                           343.348767, 342.599915, 340.263214, 336.127756, 342.961237, 343.143146,
                           337.614032, 341.580252, 337.960562, 337.634695, 336.57338,  332.170633,
                           328.099707, 326.923984, 319.768976, 307.777026, 297.253754}}},
      .tolerance = {.first = 1e-3, .growth = 1, .later = 5e-2}};
  return reference;
}

const Reference& dcgan_losses() {
  static const Reference reference{
      .curves = {{"d_loss",
                  {1.49179852, 0.743967354, 0.318235457, 0.273197472, 0.337366909, 0.174824804,
                   0.20860821, 0.167508304, 0.104103029, 0.114705741}},
                 {"g_loss",
                  {4.96292782, 6.29211855, 6.89588594, 7.05778313, 8.0682621, 8.19328308,
                   9.00937557, 9.22419167, 8.59219646, 10.0739479}}},
      .tolerance = {.first = 1e-3, .growth = 2, .later = 0.3}};
  return reference;
}

}  // namespace

const Reference& reference_of(const Workload& workload) {
  return workload.name == "vae-mlp-mnist" ? vae_losses() : dcgan_losses();
}

}  // namespace pumice::benchmark
