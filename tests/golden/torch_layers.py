"""Networks described as recipes describe them, run by PyTorch's functions.

Images are [batch, height, width, channels] and weights lie as ours do, so that parameters compare
element by element; they are transposed at the borders of PyTorch's functions.
"""

import formula
import numpy
import torch
import torch.nn.functional as F

NORM_FAN = 600  # keeps scales within 0.1 of 1, and shifts of 0


class Network:
    """`specification`: a list of rows {name, shape, salt, fan_in, offset} that C++ repeats."""

    def __init__(self, name, shape, layers, dtype, first_salt):
        self.name, self.dtype, self.salt = name, dtype, first_salt
        self.input_shape = self.shape = list(shape)
        self.parameters, self.statistics, self.specification = {}, {}, []
        self.steps = []
        for index, layer in enumerate(layers):
            self.build(f"{name}.{index}", layer)

    def build(self, name, layer):
        step, self.shape = getattr(self, "build_" + layer["type"])(name, layer)
        activation = activation_of(layer)
        self.steps.append(lambda x: activation(step(x)))

    def __call__(self, x):
        x = x.reshape(len(x), *self.input_shape)
        for step in self.steps:
            x = step(x)
        return x

    def add(self, name, shape, fan_in, offset=0.0):
        count = int(numpy.prod(shape))
        values = formula.weight(numpy.arange(count), self.salt, fan_in)
        tensor = torch.from_numpy(values).view(*shape).to(self.dtype) + offset
        self.parameters[name] = tensor.requires_grad_()
        self.specification.append({"name": name, "shape": list(shape), "salt": self.salt,
                                   "fan_in": fan_in, "offset": offset})
        self.salt += 1
        return self.parameters[name]

    def add_bias(self, name, layer, fan_in):
        return self.add(name + ".bias", [layer["out"]], fan_in) if layer.get("bias", True) else None

    def build_linear(self, name, layer):
        fan_in = int(numpy.prod(self.shape))
        weight = self.add(name + ".weight", [layer["out"], fan_in], fan_in)
        bias = self.add_bias(name, layer, fan_in)
        return lambda x: F.linear(x.flatten(1), weight, bias), [layer["out"]]

    def build_conv2d(self, name, layer):
        kernel, stride, channels = layer["kernel"], layer.get("stride", 1), self.shape[2]
        fan_in = kernel * kernel * channels
        weight = self.add(name + ".weight", [kernel, kernel, channels, layer["out"]], fan_in)
        bias = self.add_bias(name, layer, fan_in)
        vertical = same_padding(self.shape[0], kernel, stride)
        horizontal = same_padding(self.shape[1], kernel, stride)
        if layer.get("padding") == "valid":
            vertical = horizontal = (0, 0)

        def step(x):
            padded = F.pad(x.permute(0, 3, 1, 2), horizontal + vertical)
            return F.conv2d(padded, weight.permute(3, 2, 0, 1), bias, stride).permute(0, 2, 3, 1)

        extents = [(self.shape[axis] + sum(pad) - kernel) // stride + 1
                   for axis, pad in enumerate([vertical, horizontal])]
        return step, extents + [layer["out"]]

    def build_conv_transpose2d(self, name, layer):
        kernel, stride, channels = layer["kernel"], layer.get("stride", 1), self.shape[2]
        fan_in = kernel * kernel * channels
        weight = self.add(name + ".weight", [kernel, kernel, layer["out"], channels], fan_in)
        bias = self.add_bias(name, layer, fan_in)
        same = layer.get("padding", "same") == "same"
        begin = (kernel - stride) // 2 if same else 0
        extents = [e * stride if same else (e - 1) * stride + kernel for e in self.shape[:2]]

        def step(x):
            y = F.conv_transpose2d(x.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1), bias, stride)
            y = y[:, :, begin:begin + extents[0], begin:begin + extents[1]]
            return y.permute(0, 2, 3, 1)

        return step, extents + [layer["out"]]

    def build_batch_norm(self, name, layer):
        channels = self.shape[-1]
        scale = self.add(name + ".scale", [channels], NORM_FAN, 1.0)
        shift = self.add(name + ".shift", [channels], NORM_FAN)
        mean = self.statistics[name + ".running_mean"] = torch.zeros(channels, dtype=self.dtype)
        variance = torch.ones(channels, dtype=self.dtype)
        self.statistics[name + ".running_variance"] = variance

        def step(x):
            rows = x.reshape(-1, channels)
            y = F.batch_norm(rows, mean, variance, scale, shift, training=True, momentum=0.1,
                             eps=1e-5)
            return y.view_as(x)

        return step, self.shape

    def build_layer_norm(self, name, layer):
        channels = self.shape[-1]
        scale = self.add(name + ".scale", [channels], NORM_FAN, 1.0)
        shift = self.add(name + ".shift", [channels], NORM_FAN)
        return lambda x: F.layer_norm(x, [channels], scale, shift, 1e-5), self.shape

    def build_lstm(self, name, layer):
        steps, features, hidden = self.shape[0], self.shape[1], layer["out"]
        weight = self.add(name + ".weight", [4 * hidden, features], features)
        recurrent = self.add(name + ".recurrent", [4 * hidden, hidden], hidden)
        bias = self.add(name + ".bias", [4 * hidden], hidden)
        sequence = layer.get("sequence", False)

        def step(x):
            state = torch.zeros(1, len(x), hidden, dtype=self.dtype)
            weights = [weight, recurrent, bias, torch.zeros_like(bias)]
            states = torch._VF.lstm(x.reshape(len(x), steps, features), (state, state), weights,
                                    True, 1, 0.0, True, False, True)[0]
            return states if sequence else states[:, -1]

        return step, [steps, hidden] if sequence else [hidden]

    def build_reshape(self, name, layer):
        return lambda x: x.reshape(len(x), *layer["shape"]), layer["shape"]


def same_padding(extent, kernel, stride):
    """TensorFlow's: (before, after), the odd pixel after."""
    total = max((-(-extent // stride) - 1) * stride + kernel - extent, 0)
    return total // 2, total - total // 2


def activation_of(layer):
    return {
        "none": lambda x: x,
        "relu": torch.relu,
        "leaky_relu": lambda x: F.leaky_relu(x, layer.get("slope", 0.2)),
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "softplus": F.softplus,
        "silu": F.silu,
        "gelu": F.gelu,
    }[layer.get("activation", "none")]
