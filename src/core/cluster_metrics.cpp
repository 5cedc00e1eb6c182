#include "ecomm_analytics/core/cluster_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The rows that count, cluster by cluster.
struct Grouping {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> starts;  // cluster c: rows[starts[c]] to rows[starts[c + 1] - 1]

  std::size_t size() const { return rows.size(); }
  std::size_t clusters() const { return starts.size() - 1; }
  std::size_t count(std::size_t cluster) const { return starts[cluster + 1] - starts[cluster]; }
  bool defined() const { return clusters() >= 2 && clusters() < size(); }
};

// Two passes of a counting sort: neither time nor memory depends on what the labels are.
Grouping Group(const std::vector<std::int32_t>& labels, NoisePolicy noise) {
  constexpr int kBits = 16;
  constexpr std::uint32_t kDigits = 1U << kBits;
  Work work;
  Grouping grouping;
  std::vector<std::uint32_t>& rows = grouping.rows;
  rows.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    work.Done(1);
    if (noise == NoisePolicy::kNoiseIsACluster || labels[i] != kNoiseLabel) {
      rows.push_back(static_cast<std::uint32_t>(i));
    }
  }
  std::vector<std::uint32_t> sorted(rows.size());
  for (const int shift : {0, kBits}) {
    const auto digit = [&](std::uint32_t row) {
      const std::uint32_t key = static_cast<std::uint32_t>(labels[row]) ^ 0x80000000U;  // the negative first
      return key >> shift & (kDigits - 1);
    };
    std::vector<std::size_t> places(kDigits + 1);
    for (const std::uint32_t row : rows) {
      work.Done(2);
      ++places[digit(row) + 1];
    }
    std::partial_sum(places.begin(), places.end(), places.begin());
    for (const std::uint32_t row : rows) {
      work.Done(4);
      sorted[places[digit(row)]++] = row;
    }
    rows.swap(sorted);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    work.Done(1);
    if (i == 0 || labels[rows[i]] != labels[rows[i - 1]]) grouping.starts.push_back(i);
  }
  grouping.starts.push_back(rows.size());
  return grouping;
}

// `most` rows, from each cluster in proportion to its size but two at least, where there are: one has no
// other row of its cluster to be compared with. So up to two per cluster if that is more.
Grouping Sample(const Grouping& all, std::size_t most, Random& random) {
  constexpr std::size_t kLeast = 2;
  std::size_t least = 0;
  for (std::size_t c = 0; c < all.clusters(); ++c) least += std::min(all.count(c), kLeast);
  const std::size_t spare = std::max(most, least) - least;
  const std::size_t rest = all.size() - least;
  Grouping sample;
  sample.rows.reserve(least + spare);
  std::size_t passed = 0;
  std::size_t given = 0;
  for (std::size_t c = 0; c < all.clusters(); ++c) {
    const std::size_t certain = std::min(all.count(c), kLeast);
    passed += all.count(c) - certain;
    const std::size_t due = rest == 0 ? 0 : spare * passed / rest;
    sample.starts.push_back(sample.rows.size());
    for (const std::uint32_t place : SampleRows(all.count(c), certain + due - given, random)) {
      sample.rows.push_back(all.rows[all.starts[c] + place]);
    }
    given = due;
  }
  sample.starts.push_back(sample.rows.size());
  return sample;
}

void CheckLabels(const MatrixView& points, const std::vector<std::int32_t>& labels) {
  if (static_cast<std::size_t>(points.rows()) == labels.size()) return;
  throw Error(ErrorCode::kInvalidArgument, "there must be one label per row",
              "Rows: " + std::to_string(points.rows()) + ", labels: " + std::to_string(labels.size()) + ".");
}

// What the metrics other than the silhouette are made of, all in units of 2^exponent.
struct Spread {
  Matrix centroids;                   // less the overall mean
  std::vector<double> mean_distance;  // of the rows of each cluster to its centroid
  double within = 0;                  // sum of squared distances to the centroids
};

Spread Measure(const MatrixView& points, const Grouping& grouping, double scale) {
  const auto k = static_cast<Index>(grouping.clusters());
  Work work;
  const auto visit = [&](auto&& f) {
    for (std::size_t c = 0; c < grouping.clusters(); ++c) {
      for (std::size_t i = grouping.starts[c]; i < grouping.starts[c + 1]; ++i) {
        f(c, points.row(grouping.rows[i]));
        work.Done(static_cast<std::size_t>(3 * points.cols()));
      }
    }
  };
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(points.cols());
  visit([&](std::size_t, const auto& row) { mean += row * scale; });
  mean /= static_cast<double>(grouping.size());

  // Sums of deviations keep the digits that sums of values would lose where the mean is far from 0.
  Spread spread{Matrix::Zero(k, points.cols()), std::vector<double>(grouping.clusters()), 0.0};
  std::vector<bool> all_equal(grouping.clusters(), true);
  visit([&](std::size_t c, const auto& row) {
    spread.centroids.row(static_cast<Index>(c)) += row * scale - mean;
    if (all_equal[c]) all_equal[c] = row == points.row(grouping.rows[grouping.starts[c]]);
  });
  for (std::size_t c = 0; c < grouping.clusters(); ++c) {
    auto centroid = spread.centroids.row(static_cast<Index>(c));
    if (all_equal[c]) {
      // Dividing would leave a rounding within a cluster that has no extent.
      centroid = points.row(grouping.rows[grouping.starts[c]]) * scale - mean;
    } else {
      centroid /= static_cast<double>(grouping.count(c));
    }
  }
  visit([&](std::size_t c, const auto& row) {
    double square = 0;
    for (Index j = 0; j < points.cols(); ++j) {
      const double difference = row[j] * scale - mean[j] - spread.centroids(static_cast<Index>(c), j);
      square += difference * difference;
    }
    spread.within += square;
    spread.mean_distance[c] += std::sqrt(square);
  });
  for (std::size_t c = 0; c < grouping.clusters(); ++c) {
    spread.mean_distance[c] /= static_cast<double>(grouping.count(c));
  }
  return spread;
}

double DaviesBouldinOf(const Spread& spread) {
  Work work;
  double sum = 0;
  for (Index a = 0; a < spread.centroids.rows(); ++a) {
    double worst = 0;
    for (Index b = 0; b < spread.centroids.rows(); ++b) {
      const double apart = (spread.centroids.row(a) - spread.centroids.row(b)).norm();
      if (apart > 0) {
        const double within = spread.mean_distance[static_cast<std::size_t>(a)] +
                              spread.mean_distance[static_cast<std::size_t>(b)];
        worst = std::max(worst, within / apart);
      }
      work.Done(static_cast<std::size_t>(3 * spread.centroids.cols()));
    }
    sum += worst;
  }
  return sum / static_cast<double>(spread.centroids.rows());
}

double CalinskiHarabaszOf(const Spread& spread, const Grouping& grouping) {
  if (spread.within == 0) return 1.0;
  double between = 0;
  for (std::size_t c = 0; c < grouping.clusters(); ++c) {
    between +=
        static_cast<double>(grouping.count(c)) * spread.centroids.row(static_cast<Index>(c)).squaredNorm();
  }
  const auto k = static_cast<double>(grouping.clusters());
  return between * (static_cast<double>(grouping.size()) - k) / (spread.within * (k - 1.0));
}

// Distances from one row at a time to all others, a block of rows in a fixed-size array, which the compiler
// turns into vector instructions whose results are the same for any width.
class SilhouetteSum {
 public:
  static constexpr Index kBlock = 16;

  SilhouetteSum(const MatrixView& points, const Grouping& grouping, double scale)
      : grouping_(grouping),
        columns_(points.cols(), static_cast<Index>(grouping.size()) + kBlock),
        width_(points.cols()) {
    columns_.setZero();
    for (std::size_t i = 0; i < grouping.size(); ++i) {
      columns_.col(static_cast<Index>(i)).head(width_) = points.row(grouping.rows[i]).transpose() * scale;
    }
  }

  // Every row stands for as many of `all` as its cluster has there per row here.
  double Mean(const Grouping& all) {
    double sum = 0;
    for (std::size_t own = 0; own < grouping_.clusters(); ++own) {
      if (grouping_.count(own) == 1) continue;
      const double weight = static_cast<double>(all.count(own)) / static_cast<double>(grouping_.count(own));
      for (std::size_t i = grouping_.starts[own]; i < grouping_.starts[own + 1]; ++i) {
        sum += weight * Coefficient(static_cast<Index>(i), own);
      }
    }
    return sum / static_cast<double>(all.size());
  }

 private:
  double Coefficient(Index anchor, std::size_t own) {
    double inside = 0;
    double outside = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < grouping_.clusters(); ++c) {
      const double sum = DistanceSum(anchor, static_cast<Index>(grouping_.starts[c]),
                                     static_cast<Index>(grouping_.starts[c + 1]));
      const auto count = static_cast<double>(grouping_.count(c));
      if (c == own) {
        inside = sum / (count - 1.0);
      } else {
        outside = std::min(outside, sum / count);
      }
    }
    const double larger = std::max(inside, outside);
    return larger > 0 ? (outside - inside) / larger : 0.0;
  }

  double DistanceSum(Index anchor, Index begin, Index end) {
    Block sums = Block::Zero();
    Index at = begin;
    for (; at + kBlock <= end; at += kBlock) sums += Distances(anchor, at);
    double sum = 0;
    if (at < end) {
      const Block rest = Distances(anchor, at);
      for (Index i = 0; i < end - at; ++i) sum += rest[i];
    }
    for (Index i = 0; i < kBlock; ++i) sum += sums[i];
    work_.Done(static_cast<std::size_t>((end - begin + kBlock) * (3 * width_ + 4)));
    return sum;
  }

  using Block = Eigen::Array<double, kBlock, 1>;

  Block Distances(Index anchor, Index at) const {
    Block squares = Block::Zero();
    for (Index j = 0; j < width_; ++j) {
      squares += (columns_.row(j).segment<kBlock>(at).transpose().array() - columns_(j, anchor)).square();
    }
    return squares.sqrt();
  }

  const Grouping& grouping_;
  Matrix columns_;  // feature × row, rows in the order of the grouping
  Index width_;
  Work work_;
};

Silhouette SilhouetteOf(const MatrixView& points, const Grouping& sample, const Grouping& all, double scale) {
  RequireMemory(
      (sample.size() + SilhouetteSum::kBlock) * static_cast<std::size_t>(points.cols()) * sizeof(double),
      "the silhouette");
  return {SilhouetteSum(points, sample, scale).Mean(all), static_cast<std::int64_t>(sample.size())};
}

// The arguments of all metrics, checked.
class Clustering {
 public:
  Clustering(const MatrixView& points, const std::vector<std::int32_t>& labels, NoisePolicy noise)
      : points_(points) {
    CheckLabels(points, labels);
    exponent_ = CommonExponent(points, "measuring a clustering");
    RequireMemory(labels.size() * 2 * sizeof(std::uint32_t), "measuring a clustering");
    grouping_ = Group(labels, noise);
  }

  bool defined() const { return grouping_.defined(); }
  bool empty() const { return grouping_.size() == 0; }
  int exponent() const { return exponent_; }
  const Grouping& grouping() const { return grouping_; }

  Spread MeasureSpread() const { return Measure(points_, grouping_, Scale()); }

  Silhouette MeasureSilhouette(std::uint64_t seed, std::int64_t max_rows) const {
    if (max_rows < 1) {
      throw Error(ErrorCode::kInvalidArgument, "a silhouette needs at least one row",
                  "max_rows: " + std::to_string(max_rows) + ".");
    }
    if (!defined()) return {};
    const auto most = static_cast<std::size_t>(max_rows);
    if (grouping_.size() <= most) return SilhouetteOf(points_, grouping_, grouping_, Scale());
    if (grouping_.clusters() > most) return {};
    Random random(seed);
    return SilhouetteOf(points_, Sample(grouping_, most, random), grouping_, Scale());
  }

 private:
  double Scale() const { return std::ldexp(1.0, -exponent_); }

  const MatrixView& points_;
  int exponent_ = 0;  // every metric but the sum of squares is the same at any scale
  Grouping grouping_;
};

}  // namespace

Silhouette MeanSilhouette(const MatrixView& points, const std::vector<std::int32_t>& labels,
                          std::uint64_t seed, NoisePolicy noise, std::int64_t max_rows) {
  return Clustering(points, labels, noise).MeasureSilhouette(seed, max_rows);
}

double DaviesBouldin(const MatrixView& points, const std::vector<std::int32_t>& labels, NoisePolicy noise) {
  const Clustering clustering(points, labels, noise);
  return clustering.defined() ? DaviesBouldinOf(clustering.MeasureSpread()) : kNaN;
}

double CalinskiHarabasz(const MatrixView& points, const std::vector<std::int32_t>& labels,
                        NoisePolicy noise) {
  const Clustering clustering(points, labels, noise);
  return clustering.defined() ? CalinskiHarabaszOf(clustering.MeasureSpread(), clustering.grouping()) : kNaN;
}

double WithinSumOfSquares(const MatrixView& points, const std::vector<std::int32_t>& labels,
                          NoisePolicy noise) {
  const Clustering clustering(points, labels, noise);
  if (clustering.empty()) return 0.0;
  const double sum = std::ldexp(clustering.MeasureSpread().within, 2 * clustering.exponent());
  if (!std::isfinite(sum)) {
    throw Error(ErrorCode::kNumericRange, "the sum of squares within the clusters overflows", {},
                "Scale the features first.");
  }
  return sum;
}

KMeansModel::Metrics MeasureClusters(const MatrixView& points, const std::vector<std::int32_t>& labels,
                                     double inertia, std::uint64_t seed, NoisePolicy noise) {
  const Clustering clustering(points, labels, noise);
  KMeansModel::Metrics metrics;
  metrics.inertia = inertia;
  if (!clustering.defined()) return metrics;
  const Spread spread = clustering.MeasureSpread();
  metrics.davies_bouldin = DaviesBouldinOf(spread);
  metrics.calinski_harabasz = CalinskiHarabaszOf(spread, clustering.grouping());
  const Silhouette silhouette = clustering.MeasureSilhouette(seed, kSilhouetteRows);
  metrics.silhouette = silhouette.mean;
  metrics.silhouette_sample = silhouette.sample;
  return metrics;
}

}  // namespace ecomm::core
