# cpp-httplib as the target dflare_httplib.
set(DFLARE_HAS_SERVER FALSE)
