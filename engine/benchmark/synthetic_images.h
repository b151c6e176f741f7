#pragma once

#include "engine/base/shape.h"
#include "engine/data/image_set.h"

namespace pumice::benchmark {

/// Images for benchmarks: blurred discs on a plain ground, black for grey images. They depend only
/// on the arguments, to the bit, and are part of the workloads: see workload.h. `shape`: [height,
/// width, channels]. Labels are 0, 1, … in turn, `classes` of them or, if that is 0, ten.
data::ImageSet synthetic_images(const Shape& shape, uint32_t classes, uint32_t count);

}  // namespace pumice::benchmark
