#version 450
#include "kernel.glsl"
// y[row] = log Σ e^x - x[label], with the logarithms of log_sum_exp.comp. One thread per row.
layout(local_size_x = 64) in;
IN(0, float, x);
IN(1, uint, label);
IN(2, float, log_sum);
OUT(3, float, y);
PARAMS { uint rows; uint classes; };
void main() {
    uint row = flat_id();
    if (row >= (rows + 3u) / 4u * 4u) return;
    uint own = min(row, rows - 1u);
    float loss = log_sum[own] - x[own * classes + min(label[own], classes - 1u)];
    y[row] = row < rows ? loss : 0.0;
}
