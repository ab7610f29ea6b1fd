#!/usr/bin/python3
"""Makes the compressed LeNet-5 of the kinds that ../shared has no file of, from its own LeNet-5:
per-channel 4-bit grid, eager int8, dynamic int8 linear layers, and int8 with an operator that dflare-repair does not know.

  bench/make_repair_models.py ORIGINAL.pt MNIST_TRAINING_IMAGES.gz FOLDER
"""
import gzip
import os
import sys

import numpy
import torch
from torch import nn
from torch.ao import quantization


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant, self.dequant = quantization.QuantStub(), quantization.DeQuantStub()
        self.conv1, self.r1, self.pool = nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)
        self.conv2, self.r2, self.pool2 = nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
        self.fc1, self.r3 = nn.Linear(400, 120), nn.ReLU()
        self.fc2, self.r4 = nn.Linear(120, 84), nn.ReLU()
        self.fc3 = nn.Linear(84, 10)

    def features(self, x):
        x = self.pool(self.r1(self.conv1(x)))
        return torch.flatten(self.pool2(self.r2(self.conv2(x))), 1)

    def forward(self, x):
        x = self.features(self.quant(x))
        return self.dequant(self.fc3(self.r4(self.fc2(self.r3(self.fc1(x))))))


class UnknownOperator(nn.Module):
    """A sigmoid of int8 tensors, which dflare-repair does not know."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        scores = self.model(x)
        small = torch.quantize_per_tensor(scores, 0.25, 128, torch.quint8)
        return scores + torch.sigmoid(small).dequantize().mean(1, keepdim=True)


def original(path):
    model = LeNet5()
    model.load_state_dict({name: value for name, value in torch.jit.load(path).state_dict().items()})
    return model.eval()


def save(model, folder, name):
    path = os.path.join(folder, name)
    with torch.no_grad():
        torch.jit.trace(model.eval(), torch.zeros(1, 1, 28, 28)).save(path + ".tmp")
    os.replace(path + ".tmp", path)
    print(path)


def per_channel_grid(model, bits):
    steps = 2 ** (bits - 1) - 1
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                weight = module.weight
                scale = weight.flatten(1).abs().amax(1).reshape([-1] + [1] * (weight.dim() - 1)) / steps
                weight.copy_((weight / scale).round() * scale)
    return model


def eager_int8(model, images):
    model = quantization.fuse_modules(model, [["conv1", "r1"], ["conv2", "r2"], ["fc1", "r3"], ["fc2", "r4"]])
    model.qconfig = quantization.QConfig(
        activation=quantization.HistogramObserver.with_args(reduce_range=True),
        weight=quantization.default_weight_observer)
    quantization.prepare(model, inplace=True)
    with torch.no_grad():
        model(images)
    return quantization.convert(model)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, images_file, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(1)
    torch.backends.quantized.engine = "onednn" if "onednn" in torch.backends.quantized.supported_engines else "qnnpack"
    with gzip.open(images_file) as file:
        pixels = numpy.frombuffer(file.read(16 + 512 * 784), numpy.uint8)[16:]
    images = torch.from_numpy(pixels.reshape(-1, 1, 28, 28).astype(numpy.float32) / 255)

    save(per_channel_grid(original(source), 4), folder, "lenet5_w4_per_channel.pt")
    int8 = eager_int8(original(source), images)
    save(int8, folder, "lenet5_int8_eager.pt")
    save(UnknownOperator(int8), folder, "lenet5_int8_unknown_operator.pt")
    model = original(source)
    model.qconfig = None
    save(quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8), folder, "lenet5_int8_dynamic.pt")


main()
