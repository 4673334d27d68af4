"""A process that is llama.cpp's own server: ``python tests/llama_process.py FILE PORT KEY CONTEXT``."""

import signal
import sys

import xllamacpp


def main(file: str, port: str, key: str, context: str) -> None:
    """Serve the network in *file* on a loopback *port*, to those who know *key*, until the process ends."""
    params = xllamacpp.CommonParams()
    params.model.path = file
    params.model_alias = {"tiny"}
    params.hostnames = ["127.0.0.1"]
    params.port = int(port)
    params.api_keys = [key]
    params.n_parallel = 2
    params.n_ctx = int(context) * params.n_parallel
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.endpoint_metrics = True
    params.warmup = False
    server = xllamacpp.Server(params)
    signal.pause()
    del server


if __name__ == "__main__":
    main(*sys.argv[1:])
