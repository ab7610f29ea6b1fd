# OpenVINO as the target dflare_openvino.
set(DFLARE_HAS_OPENVINO FALSE)
