"""The weights of a TorchScript or .onnx file as arrays by name, in the order of its layers, and the file again with others."""

import pathlib

import numpy

from onnx_arrays import float_arrays


class Model:
    """`arrays` may be changed; save() writes them."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        if self.path.suffix == ".onnx":
            data = self.path.read_bytes()
            self.arrays = {name: numpy.frombuffer(data[begin:end], "<f4").reshape(shape).copy()
                           for name, shape, (begin, end) in float_arrays(data)}
        else:
            import torch
            self.arrays = {name: value.detach().numpy().copy() for name, value in torch.jit.load(str(path)).named_parameters()}
        if not self.weights():
            raise SystemExit(f"{path} has no weights of floats in it; expected an .onnx file with its weights inside, or TorchScript")

    def weights(self):
        """The names of the weights of convolutions and linear layers, from the input to the answer."""
        return [name for name, value in self.arrays.items() if value.ndim >= 2]

    def biases(self, weight):
        """The names of what is added for each channel of a layer, by a bias or by the batch norm behind it."""
        candidates = (weight.replace("weight", "bias"), weight + "_bias", weight.replace("conv", "bn").replace("weight", "bias"))
        return [name for name in dict.fromkeys(candidates) if name != weight and name in self.arrays]

    def save(self, path):
        if self.path.suffix == ".onnx":
            data = bytearray(self.path.read_bytes())
            for name, _, (begin, end) in float_arrays(bytes(data)):
                data[begin:end] = self.arrays[name].astype("<f4").tobytes()
            pathlib.Path(path).write_bytes(data)
            return
        import torch
        module = torch.jit.load(str(self.path))
        with torch.no_grad():
            for name, value in module.named_parameters():
                value.copy_(torch.from_numpy(self.arrays[name]))
        module.save(str(path))
