"""An ONNX file served by MLServer, for dflare or any other client of the open inference protocol."""

import mlserver
import onnxruntime
from mlserver.codecs import NumpyCodec


class OnnxModel(mlserver.MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(self.settings.parameters.uri, options)
        return True

    async def predict(self, payload):
        (pixels,) = payload.inputs
        images = NumpyCodec.decode_input(pixels)
        (scores,) = self.session.run(None, {self.session.get_inputs()[0].name: images})
        return mlserver.types.InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("scores", scores)])
