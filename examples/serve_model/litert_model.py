"""A .tflite file under LiteRT: process: [python3, litert_model.py, model.tflite]."""
import sys
from importlib.metadata import version

import numpy
from ai_edge_litert.interpreter import Interpreter
from dflare_serve import serve

interpreter = Interpreter(sys.argv[1], num_threads=1)  # dflare starts one process for each of its workers
operations = [operation["op_name"] for operation in interpreter._get_ops_details()]
last = [name for name in operations if name not in ("QUANTIZE", "DEQUANTIZE", "RESHAPE")][-1]
interpreter.allocate_tensors()
tensor, scores = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
images, height, width, channels = (int(side) for side in tensor["shape"])
input_scale, input_zero_point = tensor["quantization"]  # 0, 0 of a floating-point model
scale, zero_point = scores["quantization"]  # likewise


def predict(batch):
    interpreter.set_tensor(tensor["index"], batch)
    interpreter.invoke()
    answer = interpreter.get_tensor(scores["index"]).astype(numpy.float32)
    return (answer - zero_point) * numpy.float32(scale) if scale else answer


serve(predict, runtime=f"LiteRT {version('ai-edge-litert')}", element=numpy.dtype(tensor["dtype"]).name, scale=input_scale,
      zero_point=input_zero_point, most_images=images, height=height, width=width, channels=channels, classes=int(scores["shape"][-1]),
      score_step=scale, output={"SOFTMAX": "probabilities", "LOGISTIC": "sigmoid"}.get(last, "auto"), file=sys.argv[1])
