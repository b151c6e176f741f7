#pragma once

#include "native/training/model_recipe.h"

namespace pumice::benchmark {

/// Images for benchmarks: blurred discs on a plain ground, black for grey images. They depend only
/// on the arguments, to the bit, and are part of the workloads: see workload.h. Labels are 0, 1, …
/// in turn, `kind.classes` of them or, without classes, ten.
data::ImageSet synthetic_images(const ImageKind& kind, uint32_t count);

}  // namespace pumice::benchmark
