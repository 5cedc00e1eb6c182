#!/usr/bin/env python3
"""Writes density_ward_reference.json: labels of scikit-learn's Ward clustering and DBSCAN.

Run with Debian 12's python3.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, AgglomerativeClustering

rng = np.random.default_rng(23)
blobs = np.round(np.concatenate([rng.normal(m, s, (n, 3)) for m, s, n in [(0, 1, 150), (3, 0.6, 110), (-2, 1.4, 90)]]), 5)
rng.shuffle(blobs)
plain = np.round(rng.uniform(0, 1, (400, 2)), 6)
wide = np.round(rng.normal(0, 1, (120, 12)), 5)
angle = rng.uniform(0, np.pi, 300)
moons = np.column_stack([np.cos(angle) + np.arange(300) % 2, np.sin(angle) * np.where(np.arange(300) % 2, -1, 1)])
moons = np.round(moons + rng.normal(0, 0.06, (300, 2)), 5)
repeated = plain[:60][rng.integers(0, 60, 250)]
lattice = rng.integers(0, 12, (90, 2)).astype(float)

sets = {"blobs": blobs, "plain": plain, "wide": wide, "moons": moons, "repeated": repeated, "lattice": lattice}
ward = [("blobs", 2), ("blobs", 3), ("blobs", 40), ("plain", 5), ("plain", 399), ("wide", 4), ("moons", 2), ("repeated", 3),
        ("repeated", 7)]
dbscan = [("blobs", 0.5, 5), ("blobs", 0.9, 10), ("blobs", 50, 10), ("blobs", 1e-6, 1), ("plain", 0.05, 4), ("plain", 0.07, 8),
          ("wide", 3.6, 4), ("moons", 0.15, 4), ("moons", 0.25, 12), ("repeated", 0.02, 5), ("repeated", 0.1, 12),
          ("lattice", 1, 3), ("lattice", 2, 9), ("lattice", 1.5, 5)]

document = {
    "made with": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "sets": {name: x.tolist() for name, x in sets.items()},
    "ward": [{"set": s, "k": k, "labels": AgglomerativeClustering(k, linkage="ward").fit_predict(sets[s]).tolist()}
             for s, k in ward],
    "dbscan": [{"set": s, "eps": e, "min_points": m, "labels": DBSCAN(eps=e, min_samples=m).fit_predict(sets[s]).tolist()}
               for s, e, m in dbscan],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")).replace("],[", "],\n[").replace("},{", "},\n{") + "\n")
for entry in document["dbscan"]:
    labels = np.array(entry["labels"])
    print(entry["set"], entry["eps"], entry["min_points"], labels.max() + 1, "clusters", (labels < 0).sum(), "noise")
