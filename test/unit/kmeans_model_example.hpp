// A small model of customers for tests.
#pragma once

#include "ecomm_analytics/core/kmeans_model.hpp"

namespace ecomm::core {

inline KMeansModel ExampleModel() {
  KMeansModel model;
  model.features = {"recency", "frequency", "monetary"};
  model.transforms = {{Transform::kBoxCox, 0.25, 8.5, 3.25},
                      {Transform::kBoxCox, -0.5, 0.75, 0.5},
                      {Transform::kLog, 0, 6.0 + 1.0 / 3, 1.5}};
  model.centroids.resize(3, 3);
  model.centroids << -1.125, 1.1, 1.0 / 3, /**/ -0.25, 0.1, 0.2, /**/ 0.75, -1.0, -0.9;
  model.means.resize(3, 3);
  model.means << 20, 9.5, 1500, /**/ 60, 3, 700, /**/ 200, 1, 60;
  model.names = {"Champions", "At-Risk", "Occasional"};
  model.sizes = {964, 885, 1235};
  ComputeCenters(&model);
  model.parameters = {
      .n_init = 10, .max_iter = 300, .tol = 1e-4, .seed = 42, .transform = Transform::kBoxCox};
  model.training = {.rows = 3100, .used = 3084, .left_out = {{"monetary is not positive", 16}}};
  model.metrics = {.inertia = 3450.83,
                   .silhouette = 0.3221,
                   .silhouette_sample = 3084,
                   .davies_bouldin = 1.0625,
                   .calinski_harabasz = 2327.24};
  return model;
}

}  // namespace ecomm::core
