# ExecuTorch as the target dflare_executorch.
set(DFLARE_HAS_EXECUTORCH FALSE)
