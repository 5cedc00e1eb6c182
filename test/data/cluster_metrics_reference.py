#!/usr/bin/env python3
"""Writes cluster_metrics_reference.json: scikit-learn's clustering metrics on small labelled sets.

Run with Debian 12's python3.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

rng = np.random.default_rng(11)
blobs = np.round(np.concatenate([rng.normal(m, s, (n, 3)) for m, s, n in [(0, 1, 60), (3, 0.5, 45), (-2, 1.5, 33)]]), 6)
wide = np.round(rng.normal(0, 1, (40, 20)), 6)
ties = rng.integers(0, 3, (50, 2)).astype(float)
line = np.round(np.cumsum(rng.exponential(1, (37, 1)), axis=0), 6)

sets = {
    "three blobs": (blobs, KMeans(3, n_init=5, random_state=0).fit_predict(blobs)),
    "seven of three": (blobs, KMeans(7, n_init=5, random_state=0).fit_predict(blobs)),
    "random labels": (blobs, rng.integers(0, 5, len(blobs))),
    "noise": (blobs, DBSCAN(eps=0.8, min_samples=5).fit_predict(blobs)),
    "a singleton": (blobs, np.where(np.arange(len(blobs)) == 17, 9, (np.arange(len(blobs)) < 60).astype(int))),
    "twenty features": (wide, KMeans(4, n_init=5, random_state=0).fit_predict(wide)),
    "repeated rows": (ties, (ties[:, 0] + 3 * ties[:, 1]).astype(int) % 4),
    "one feature": (line, np.arange(37) // 10 * 100 - 100),
}


def metrics(x, labels):
    return {
        "silhouette": silhouette_score(x, labels),
        "davies_bouldin": davies_bouldin_score(x, labels),
        "calinski_harabasz": calinski_harabasz_score(x, labels),
        "within": float(sum(((x[labels == c] - x[labels == c].mean(0)) ** 2).sum() for c in np.unique(labels))),
    }


document = {"made with": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "sets": {}}
for name, (x, labels) in sets.items():
    entry = {"x": x.tolist(), "labels": labels.tolist(), "metrics": metrics(x, labels)}
    if (labels == -1).any():
        kept = labels != -1
        entry["without noise"] = metrics(x[kept], labels[kept])
    document["sets"][name] = entry
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")).replace("],[", "],\n[") + "\n")
