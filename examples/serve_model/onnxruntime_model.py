"""An ONNX file under ONNX Runtime: process: [python3, onnxruntime_model.py, model.onnx]."""
import sys

import onnxruntime
from dflare_serve import serve

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1  # dflare starts one process for each of its workers
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
tensor = session.get_inputs()[0]
images, channels, height, width = [side if isinstance(side, int) else 0 for side in tensor.shape]

serve(lambda batch: session.run(None, {tensor.name: batch})[0],
      runtime=f"ONNX Runtime {onnxruntime.__version__}", layout="nchw", most_images=images, channels=channels, height=height,
      width=width, file=sys.argv[1])
