// kmeans_bench FILE ROWS FEATURES K RESTARTS SEED
// Clusters row-major doubles from a file; prints milliseconds and the inertia.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "ecomm_analytics/core/kmeans.hpp"

int main(int count, char** arguments) {
  if (count != 7) {
    std::fprintf(stderr, "usage: kmeans_bench FILE ROWS FEATURES K RESTARTS SEED\n");
    return 2;
  }
  ecomm::core::Matrix points(std::atol(arguments[2]), std::atol(arguments[3]));
  std::ifstream file(arguments[1], std::ios::binary);
  file.read(reinterpret_cast<char*>(points.data()),
            static_cast<std::streamsize>(points.size() * sizeof(double)));
  if (!file) {
    std::fprintf(stderr, "kmeans_bench: cannot read %s\n", arguments[1]);
    return 1;
  }
  ecomm::core::KMeansOptions options;
  options.k = std::atoi(arguments[4]);
  options.n_init = std::atoi(arguments[5]);
  options.seed = std::strtoull(arguments[6], nullptr, 10);
  const auto start = std::chrono::steady_clock::now();
  const ecomm::core::KMeansResult result = ecomm::core::KMeans(points, options);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  std::printf("%.3f %.17g\n", took.count(), result.inertia);
}
