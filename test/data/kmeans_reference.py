#!/usr/bin/env python3
"""Writes kmeans_reference.json: small sets of points and the lowest inertia scikit-learn finds for some k.

Run with Debian 12's python3.
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs, make_moons
from sklearn.exceptions import ConvergenceWarning

warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct points than clusters
rng = np.random.default_rng(20)
distinct = rng.normal(size=(12, 3))
flowers = np.repeat([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]], 50, axis=0)

sets = {
    "blobs": make_blobs(240, 2, centers=4, cluster_std=1.2, random_state=1)[0],
    "moons": make_moons(200, noise=0.06, random_state=2)[0],
    "ties": rng.integers(0, 5, (120, 3)).astype(float),
    "repeated": np.repeat(distinct, np.arange(1, 13), axis=0),
    "flowers": flowers + rng.normal(size=(150, 4)) * [0.4, 0.3, 0.4, 0.2],
    "eight features": make_blobs(200, 8, centers=6, cluster_std=3.0, random_state=3)[0],
}

document = {"made with": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "sets": {}}
for name, x in sets.items():
    x = np.round(x, 6)
    fits = {k: KMeans(k, n_init=200, tol=0, max_iter=1000, random_state=0).fit(x) for k in (1, 2, 3, 5, 8, 12)}
    document["sets"][name] = {
        "x": x.tolist(),
        "inertia": {k: fit.inertia_ for k, fit in fits.items()},
        "sizes": {k: sorted(np.bincount(fit.labels_).tolist()) for k, fit in fits.items()},
    }
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")).replace("],[", "],\n[") + "\n")
