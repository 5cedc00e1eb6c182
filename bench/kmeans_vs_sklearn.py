#!/usr/bin/env python3
"""k-means against scikit-learn's, on the same features, in one run: make bench-kmeans

Both do 10 restarts with their defaults otherwise, by turns, three times; the medians count. scikit-learn
uses as many threads as it finds cores, the extension one.
Give names of sets (see SETS) as arguments to run only those.
"""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import sklearn
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs

BENCH = pathlib.Path(__file__).resolve().parent.parent / "build" / "bench" / "kmeans_bench"
TURNS = 3


def rfm(n):
    """Recency, frequency and monetary of customers, Box-Cox transformed and standardised."""
    draw = np.random.default_rng(7)
    value = draw.normal(size=n)
    frequency = 1 + draw.poisson(np.exp(0.3 + 0.9 * value))
    recency = 1 + np.floor(np.minimum(729, draw.exponential(350 / np.sqrt(frequency))))
    monetary = np.round(frequency * np.exp(3.2 + 0.3 * value + 0.6 * draw.normal(size=n)), 2) + 0.01
    x = np.column_stack([stats.boxcox(c.astype(float))[0] for c in (recency, frequency, monetary)])
    return (x - x.mean(0)) / x.std(0)


def blobs(d, spread):
    return make_blobs(100000, d, centers=8, cluster_std=spread, random_state=1)[0]


SETS = {
    "rfm 500,000 x 3": (lambda: rfm(500000), (3, 5, 10)),
    "rfm 100,000 x 3": (lambda: rfm(100000), (3, 8)),
    "blobs 100,000 x 3": (lambda: blobs(3, 2.5), (3, 8)),
    "blobs 100,000 x 8": (lambda: blobs(8, 4.0), (3, 8)),
    "normal 100,000 x 8": (lambda: np.random.default_rng(3).normal(size=(100000, 8)), (3,)),
}


def compare(name, x, k):
    ours, theirs, inertia, peer = [], [], np.inf, np.inf
    with tempfile.NamedTemporaryFile() as file:
        np.ascontiguousarray(x, dtype=float).tofile(file)
        file.flush()
        for turn in range(TURNS):
            command = [BENCH, file.name, *map(str, (*x.shape, k, 10, turn))]
            took, found = map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
            ours.append(took)
            start = time.perf_counter()
            fit = KMeans(k, n_init=10, random_state=turn).fit(x)
            theirs.append(1e3 * (time.perf_counter() - start))
            # The worst of ours against the best of theirs.
            inertia = found if turn == 0 else max(inertia, found)
            peer = min(peer, fit.inertia_)
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    verdict = "not above" if inertia <= peer * (1 + 1e-9) else "ABOVE"
    print(
        f"{name:20} k={k:<3} {ours:8.0f} ms  scikit-learn {theirs:8.0f} ms  {theirs / ours:5.1f} x faster   "
        f"inertia, worst {inertia:.6f}, scikit-learn's best {peer:.6f}: {verdict}",
        flush=True,
    )


print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}")
for name, (make, ks) in SETS.items():
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        continue
    x = make()
    for k in ks:
        compare(name, x, k)
