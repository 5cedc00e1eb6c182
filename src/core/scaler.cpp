#include "ecomm_analytics/core/scaler.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr Index kRowsPerSum = 1024;

void CheckNames(Index features, std::span<const std::string> names) {
  if (names.empty() || static_cast<Index>(names.size()) == features) return;
  throw Error(ErrorCode::kInvalidArgument, "the number of names does not match the number of features",
              std::to_string(names.size()) + " names for " + std::to_string(features) + " features.");
}

void CheckWidth(Index expected, Index actual) {
  if (expected == actual) return;
  throw Error(ErrorCode::kInvalidArgument, "wrong number of features",
              "Expected " + std::to_string(expected) + ", got " + std::to_string(actual) + ".");
}

void CheckRows(const MatrixView& x) {
  if (x.rows() == 0) throw Error(ErrorCode::kUnusableData, "there are no rows to fit on");
}

[[noreturn]] void ThrowConstant(const std::string& label, double value, Index rows) {
  throw Error(ErrorCode::kUnusableData, label + " is constant",
              rows == 1 ? "There is one row, with " + ToText(value) + "."
                        : "All " + std::to_string(rows) + " values are " + ToText(value) + ".",
              "Leave this feature out: it does not tell rows apart.");
}

// Calls visit(begin, end) for blocks of rows, polling so that a block is never much work.
template <typename Visit>
void ForRowBlocks(Index rows, Index columns, Visit visit) {
  const Index size = std::clamp<Index>(kRowsPerSum * 8 / std::max<Index>(columns, 1), 1, kRowsPerSum);
  for (Index begin = 0; begin < rows; begin += size) {
    Poll();
    visit(begin, std::min(rows, begin + size));
  }
}

struct Extent {
  Vector least;
  Vector greatest;
};

Extent ColumnExtent(const MatrixView& x, std::span<const std::string> names) {
  Extent extent{x.row(0), x.row(0)};
  ForRowBlocks(x.rows(), x.cols(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      for (Index j = 0; j < x.cols(); ++j) {
        const double value = x(i, j);
        if (!std::isfinite(value)) {
          throw Error(ErrorCode::kUnusableData,
                      FeatureLabel(names, static_cast<std::size_t>(j)) + " has a value that is not finite",
                      "Row " + std::to_string(i + 1) + " of " + std::to_string(x.rows()) + " is " +
                          ToText(value) + ".",
                      "Leave such rows out.");
        }
        extent.least[j] = std::min(extent.least[j], value);
        extent.greatest[j] = std::max(extent.greatest[j], value);
      }
    }
  });
  return extent;
}

// The exponent of a power of two that brings the values near 1; kept where both it and its inverse are
// normal.
int Exponent(double least, double greatest) {
  const double largest = std::max(std::fabs(least), std::fabs(greatest));
  return largest == 0 ? 0 : std::clamp(std::ilogb(largest), -1000, 1000);
}

void CheckUsable(const MatrixView& x, Index column, Transform transform, const std::string& label) {
  Index refused = 0;
  Index first = 0;
  for (Index i = 0; i < x.rows(); ++i) {
    if (i % kRowsPerSum == 0) Poll();
    if (Classify(transform, x(i, column)) != Unusable::kNone && refused++ == 0) first = i;
  }
  if (refused == 0) return;
  const double value = x(first, column);
  const Unusable reason = Classify(transform, value);
  throw Error(
      ErrorCode::kUnusableData,
      label + " has values that transform '" + std::string(Name(transform)) + "' cannot take",
      std::to_string(refused) + " of " + std::to_string(x.rows()) + " rows, the first is row " +
          std::to_string(first + 1) + " with " + ToText(value) + " (" + std::string(Name(reason)) + ").",
      reason == Unusable::kNonPositive ? "Use transform 'yeo-johnson' or 'none', or leave those rows out."
                                       : "Leave those rows out.");
}

double Lambda(Transform transform, std::span<const double> values) {
  switch (transform) {
    case Transform::kNone:
      return 1;
    case Transform::kLog:
      return 0;
    case Transform::kBoxCox:
      return BoxCoxLambda(values);
    case Transform::kYeoJohnson:
      return YeoJohnsonLambda(values);
  }
  return 1;
}

FeatureTransform FitFeature(const MatrixView& x, Index column, Transform transform,
                            const std::string& label) {
  CheckUsable(x, column, transform, label);
  std::vector<double> values(static_cast<std::size_t>(x.rows()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = x(static_cast<Index>(i), column);
  if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; })) {
    ThrowConstant(label, values[0], x.rows());
  }

  FeatureTransform feature{.kind = transform};
  try {
    feature.lambda = Lambda(transform, values);
  } catch (const Error& e) {
    throw Error(e.code(), label + ": " + e.what(), e.detail(), e.hint());
  }
  bool finite = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % kRowsPerSum == 0) Poll();
    values[i] = feature.Apply(values[i]);  // mean 0 and scale 1 as yet
    finite = finite && std::isfinite(values[i]);
  }
  const std::string used =
      "Transform '" + std::string(Name(transform)) + "' with lambda " + ToText(feature.lambda) + ".";
  if (!finite) {
    throw Error(ErrorCode::kNumericRange, label + " is out of range after its transform", used,
                "Use transform 'log' or 'none'.");
  }
  const Moments moments = ColumnMoments(Eigen::Map<const Matrix>(values.data(), x.rows(), 1));
  if (!(moments.scale[0] > 0)) {
    throw Error(ErrorCode::kNumericRange, label + " is constant after its transform", used,
                "Use transform 'log' or 'none'.");
  }
  feature.mean = moments.mean[0];
  feature.scale = moments.scale[0];
  return feature;
}

}  // namespace

Moments ColumnMoments(const MatrixView& x, std::span<const std::string> names) {
  CheckNames(x.cols(), names);
  CheckRows(x);
  const Index d = x.cols();
  const Extent extent = ColumnExtent(x, names);
  Eigen::ArrayXd unit(d);
  Eigen::ArrayXi exponent(d);
  for (Index j = 0; j < d; ++j) {
    exponent[j] = Exponent(extent.least[j], extent.greatest[j]);
    unit[j] = std::ldexp(1.0, -exponent[j]);
  }

  const auto n = static_cast<double>(x.rows());
  Eigen::ArrayXd mean = Eigen::ArrayXd::Zero(d);
  ForRowBlocks(x.rows(), d, [&](Index begin, Index end) {
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(d);
    for (Index i = begin; i < end; ++i) sum += x.row(i).transpose().array() * unit;
    mean += sum;
  });
  mean /= n;

  Eigen::ArrayXd rest = Eigen::ArrayXd::Zero(d);
  Eigen::ArrayXd squares = Eigen::ArrayXd::Zero(d);
  Eigen::ArrayXd deviation(d);
  ForRowBlocks(x.rows(), d, [&](Index begin, Index end) {
    Eigen::ArrayXd block_rest = Eigen::ArrayXd::Zero(d);
    Eigen::ArrayXd block_squares = Eigen::ArrayXd::Zero(d);
    for (Index i = begin; i < end; ++i) {
      deviation = x.row(i).transpose().array() * unit - mean;
      block_rest += deviation;
      block_squares += deviation.square();
    }
    rest += block_rest;
    squares += block_squares;
  });
  rest /= n;

  Moments moments{Vector(d), Vector(d)};
  for (Index j = 0; j < d; ++j) {
    const bool constant = extent.least[j] == extent.greatest[j];
    const double variance = std::max(squares[j] / n - rest[j] * rest[j], 0.0);
    moments.mean[j] = constant ? extent.least[j] : std::ldexp(mean[j] + rest[j], exponent[j]);
    moments.scale[j] = constant ? 0 : std::ldexp(std::sqrt(variance), exponent[j]);
  }
  return moments;
}

StandardScaler StandardScaler::Fit(const MatrixView& x, std::span<const std::string> names) {
  Moments moments = ColumnMoments(x, names);
  for (Index j = 0; j < x.cols(); ++j) {
    if (moments.scale[j] > 0) continue;
    ThrowConstant(FeatureLabel(names, static_cast<std::size_t>(j)), moments.mean[j], x.rows());
  }
  return {std::move(moments.mean), std::move(moments.scale)};
}

void StandardScaler::ApplyInPlace(Eigen::Ref<Matrix> x) const {
  CheckWidth(mean.size(), x.cols());
  ForRowBlocks(x.rows(), x.cols(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      x.row(i).array() = (x.row(i) - mean.transpose()).array() / scale.transpose().array();
    }
  });
}

Matrix StandardScaler::Apply(const MatrixView& x) const {
  RequireMemory(static_cast<std::size_t>(x.size()) * sizeof(double), "scaled features");
  Matrix result = x;
  ApplyInPlace(result);
  return result;
}

Matrix StandardScaler::Inverse(const MatrixView& z) const {
  CheckWidth(mean.size(), z.cols());
  RequireMemory(static_cast<std::size_t>(z.size()) * sizeof(double), "features in original units");
  Matrix x(z.rows(), z.cols());
  ForRowBlocks(z.rows(), z.cols(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      x.row(i).array() = z.row(i).array() * scale.transpose().array() + mean.transpose().array();
    }
  });
  return x;
}

std::vector<FeatureTransform> FitFeatures(const MatrixView& x, Transform transform,
                                          std::span<const std::string> names) {
  CheckNames(x.cols(), names);
  CheckRows(x);
  // A copy of one column, and in the search for lambda its logarithms.
  RequireMemory(static_cast<std::size_t>(x.rows()) * 2 * sizeof(double), "a feature and its transform");
  std::vector<FeatureTransform> features;
  features.reserve(static_cast<std::size_t>(x.cols()));
  for (Index j = 0; j < x.cols(); ++j) {
    features.push_back(FitFeature(x, j, transform, FeatureLabel(names, static_cast<std::size_t>(j))));
  }
  return features;
}

void ApplyFeaturesInPlace(std::span<const FeatureTransform> features, Eigen::Ref<Matrix> x) {
  CheckWidth(static_cast<Index>(features.size()), x.cols());
  ForRowBlocks(x.rows(), x.cols(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      for (Index j = 0; j < x.cols(); ++j) x(i, j) = features[static_cast<std::size_t>(j)].Apply(x(i, j));
    }
  });
}

Matrix ApplyFeatures(std::span<const FeatureTransform> features, const MatrixView& x) {
  CheckWidth(static_cast<Index>(features.size()), x.cols());
  RequireMemory(static_cast<std::size_t>(x.size()) * sizeof(double), "transformed features");
  Matrix result = x;
  ApplyFeaturesInPlace(features, result);
  return result;
}

void ApplyFeatures(std::span<const FeatureTransform> features, std::span<const double> row,
                   std::span<double> out) {
  CheckWidth(static_cast<Index>(features.size()), static_cast<Index>(row.size()));
  CheckWidth(static_cast<Index>(features.size()), static_cast<Index>(out.size()));
  for (std::size_t j = 0; j < features.size(); ++j) out[j] = features[j].Apply(row[j]);
}

Matrix InverseFeatures(std::span<const FeatureTransform> features, const MatrixView& z) {
  CheckWidth(static_cast<Index>(features.size()), z.cols());
  RequireMemory(static_cast<std::size_t>(z.size()) * sizeof(double), "features in original units");
  Matrix x(z.rows(), z.cols());
  ForRowBlocks(z.rows(), z.cols(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      for (Index j = 0; j < x.cols(); ++j) {
        x(i, j) = features[static_cast<std::size_t>(j)].Inverse(z(i, j));
      }
    }
  });
  return x;
}

}  // namespace ecomm::core
