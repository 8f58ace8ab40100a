"""Makes this process run PyTorch and numpy as fast as the machine allows. Import it before numpy and torch.

Debian's PyTorch calls whatever libblas.so.3 is; as installed that may be the reference BLAS, 33 times slower. And OpenBLAS
takes its kernels from the processor's name, which it may not know. So a program that imports this module starts itself
again with OpenBLAS loaded first, on as many threads as asked for, waiting threads asleep, and with the kernels that
were the fastest here.

  QUOTIENT_PEER_THREADS   threads (default: all cores)
  QUOTIENT_PEER_CORE      OpenBLAS kernels, such as SKYLAKEX (default: the fastest of CORES by a short measurement)
"""
import ctypes
import glob
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

CORES = ["SKYLAKEX", "COOPERLAKE", "ZEN", "HASWELL"]
NEEDS = {"SKYLAKEX": "avx512f", "COOPERLAKE": "avx512_bf16", "ZEN": "avx2", "HASWELL": "avx2"}
THREADS = int(os.environ.get("QUOTIENT_PEER_THREADS") or os.cpu_count())

# The products of a 784-512 layer on 2500 samples, forward and backward, on one thread; processor time, because others may
# be using the machine. The best of several is what counts.
PROBE = """
import time
import numpy as np
x, w, d = (np.ones(shape, np.float32) for shape in ((2500, 784), (512, 784), (2500, 512)))
def once():
    start = time.process_time()
    x @ w.T; d @ w; d.T @ x
    return time.process_time() - start
print(min(once() for _ in range(12)))
"""


def openblas():
    """The path of OpenBLAS, or None."""
    found = glob.glob("/usr/lib/*/openblas-pthread/libopenblas.so.0") + glob.glob("/usr/lib/*/libopenblas.so.0")
    return found[0] if found else None


def environment(core, threads=THREADS):
    """The environment in which a peer runs."""
    count = str(threads)
    return {
        **os.environ, "LD_PRELOAD": openblas() or "", "OPENBLAS_CORETYPE": core, "OPENBLAS_NUM_THREADS": count,
        "OMP_NUM_THREADS": count, "OMP_WAIT_POLICY": "PASSIVE",
        # Freed tensors stay in the process; otherwise each large one is mapped, and its pages zeroed, again.
        "MALLOC_MMAP_THRESHOLD_": str(1 << 32), "MALLOC_TRIM_THRESHOLD_": str(1 << 33),
    }


def fastest_core():
    """
    The fastest of CORES on PROBE, in alternating rounds: the first that none beats by more than 3 %, which is noise. Kept
    for this processor until the temporary folder is emptied.
    """
    with open("/proc/cpuinfo") as file:
        lines = file.read().splitlines()
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    model = next((line for line in lines if line.startswith("model name")), "")
    key = hashlib.sha256(f"{model} {len(flags)} {openblas()}".encode()).hexdigest()[:12]
    cache = os.path.join(tempfile.gettempdir(), f"quotient-peer-core-{os.getuid()}-{key}.json")
    if os.path.exists(cache):
        with open(cache) as file:
            return first_best(json.load(file))

    best = {core: float("inf") for core in CORES if NEEDS[core] in flags}
    if not best:
        return ""
    for _ in range(4):
        for core in best:
            run = subprocess.run([sys.executable, "-c", PROBE], env=environment(core, 1), capture_output=True, text=True,
                                 check=True)
            best[core] = min(best[core], float(run.stdout))
    with open(cache + ".tmp", "w") as file:
        json.dump(best, file)
    os.replace(cache + ".tmp", cache)
    return first_best(best)


def first_best(seconds):
    return next(core for core in seconds if seconds[core] <= 1.03 * min(seconds.values()))


def skip(reason):
    """Says why there is no figure, and ends well: an absent peer is no error."""
    print(json.dumps({"program": os.path.basename(sys.argv[0]), "skipped": reason}))
    sys.exit(0)


def kernels():
    """The kernels that OpenBLAS says it runs, such as SkylakeX."""
    name = ctypes.CDLL(openblas()).openblas_get_corename
    name.restype = ctypes.c_char_p
    return name().decode()


def tune():
    """Starts this program again in the tuned environment, unless it is in it."""
    if openblas() is None:
        skip("OpenBLAS is not installed; on Debian: apt-get install libopenblas0-pthread")
    if os.environ.get("QUOTIENT_PEER_TUNED") != "1":
        core = os.environ.get("QUOTIENT_PEER_CORE") or fastest_core()
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**environment(core), "QUOTIENT_PEER_TUNED": "1"})


if importlib.util.find_spec("torch") is None:
    skip("PyTorch is not installed; on Debian: apt-get install python3-torch, and run this with /usr/bin/python3")
tune()
