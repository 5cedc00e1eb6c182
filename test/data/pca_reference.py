#!/usr/bin/env python3
"""Writes pca_reference.json: scikit-learn's PCA, and the exact components where it has too few digits.

The exact ones are the eigenvectors of the covariance matrix in 150 digits (mpmath). Loadings have the sign
that makes the largest of each component positive. Run with Debian 12's python3.
"""
import json
import pathlib

import mpmath
import numpy as np
import sklearn
from mpmath import mp, mpf
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

mp.dps = 150
rng = np.random.default_rng(11)


def canonical(row):
    size = np.abs(row)
    first_of_largest = int(np.argmax(size >= size.max() * (1 - 1e-9)))
    return row if row[first_of_largest] > 0 else -row


def by_sklearn(x, scale):
    z = StandardScaler().fit_transform(x) if scale else x
    pca = PCA(svd_solver="full").fit(z)
    loadings = np.array([canonical(row) for row in pca.components_])
    scores = (z - pca.mean_) @ loadings.T
    return {
        "loadings": loadings.tolist(),
        "explained_variance": pca.explained_variance_.tolist(),
        "explained_variance_ratio": pca.explained_variance_ratio_.tolist(),
        "singular_values": pca.singular_values_.tolist(),
        "scores": scores[:5].tolist(),
    }


def exactly(x):
    n, d = x.shape
    columns = [[mpf(float(v)) for v in x[:, j]] for j in range(d)]
    columns = [[v - mp.fsum(c) / n for v in c] for c in columns]
    covariance = mp.matrix(d, d)
    for i in range(d):
        for j in range(d):
            covariance[i, j] = mp.fsum(a * b for a, b in zip(columns[i], columns[j])) / (n - 1)
    values, vectors = mp.eigsy(covariance)
    order = sorted(range(d), key=lambda k: -values[k])
    total = mp.fsum(values)
    return {
        "loadings": [canonical(np.array([float(vectors[j, k]) for j in range(d)])).tolist() for k in order],
        "explained_variance": [float(values[k]) for k in order],
        "explained_variance_ratio": [float(values[k] / total) for k in order],
        "singular_values": [float(mp.sqrt(values[k] * (n - 1))) for k in order],
    }


def case(name, x, scale=False, exact=False):
    x = np.asarray(x, dtype=float)
    result = {"name": name, "x": x.tolist(), "scale": scale}
    result.update(exactly(x) if exact else by_sklearn(x, scale))
    return result


mixed = rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)) + rng.normal(size=4) * 10
rfm = np.column_stack([rng.integers(1, 375, 80), rng.geometric(0.3, 80), np.round(rng.lognormal(6, 1.3, 80), 2)])
graded = rng.normal(size=(50, 5)) @ (np.eye(5) + 0.3 * rng.normal(size=(5, 5)))
collinear = np.column_stack([mixed[:, 0], mixed[:, 1], mixed[:, 0] + mixed[:, 1] + 1e-6 * rng.normal(size=60)])
cases = [
    case("mixed", mixed),
    case("mixed, scaled", mixed, scale=True),
    case("rfm", rfm),
    case("rfm, scaled", rfm, scale=True),
    case("six orders of magnitude", graded * np.array([1e3, 1.0, 1e-3, 10.0, 100.0])),
    case("six orders of magnitude, scaled", graded * np.array([1e3, 1.0, 1e-3, 10.0, 100.0]), scale=True),
    case("constant feature", np.column_stack([mixed[:, :2], np.full(60, 3.25), mixed[:, 2]])),
    case("collinear", collinear),
    case("more features than rows", rng.normal(size=(6, 9))),
    case("two rows", rng.normal(size=(2, 3))),
    case("one feature", mixed[:, :1]),
    case("600 rows", np.round(rng.gamma(1.0, 5.0, size=(600, 3)) @ rng.normal(size=(3, 3)), 4)),
    case("thirty orders of magnitude", graded * np.array([1e-20, 1.0, 1e10, 1e-5, 1e3]), exact=True),
    case("far from the origin", 1e8 + np.round(mixed, 6), exact=True),
    case("1e140", mixed[:30] * 1e140, exact=True),
    case("nearly collinear", np.column_stack([mixed[:, 0], mixed[:, 0] + 1e-6 * mixed[:, 1], mixed[:, 2]]), exact=True),
]
document = {
    "made with": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, mpmath {mpmath.__version__}",
    "cases": cases,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")).replace("},{", "},\n{").replace("],[", "],\n[") + "\n")
