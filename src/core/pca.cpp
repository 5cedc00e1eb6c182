// Why not the covariance matrix: forming it squares the condition number, and components below 1e-8 of the
// largest are lost, which is soon reached with recency in days beside monetary in cents. Why not one SVD of
// the data: it needs the whole matrix twice and cannot be interrupted. Here rows stream through a
// Householder QR that keeps only the d × d triangle R, which has the singular values and right singular
// vectors of the data; one-sided Jacobi takes them from R^T. With features in order of their spread both
// steps are accurate relative to each feature, not only to the largest.
//
// Demmel & Veselic 1992, "Jacobi's method is more accurate than QR", doi:10.1137/0613074; Drmac & Veselic
// 2008, doi:10.1137/050639193; Demmel, Grigori, Hoemmen & Langou 2012 (streaming QR), doi:10.1137/080731992.
#include "ecomm_analytics/core/pca.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/scaler.hpp"
#include "ecomm_analytics/core/text.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;
using Columns = Eigen::MatrixXd;  // both steps work on columns, contiguous here

constexpr Index kBlockRows = 256;
constexpr double kNegligibleSpread = 1e-150;  // its square is still a normal number
constexpr double kTie = 1e-9;
constexpr int kMaxSweeps = 60;

// Polls after every 10^5 operations or so.
class Meter {
 public:
  void Add(Index operations) {
    if ((done_ += operations) < 100000) return;
    done_ = 0;
    Poll();
  }

 private:
  Index done_ = 0;
};

// The data as the decomposition sees it: centred, scaled, features ordered from the widest to the narrowest.
struct Preparation {
  Vector mean;
  Vector scale;
  std::vector<Index> order;  // order[column] = feature
  Index wide = 0;            // features after these are constant, or as good as
  int exponent = 0;          // 2^exponent is taken out of every value
};

Preparation Prepare(const MatrixView& x, const PcaOptions& options, std::span<const std::string> names) {
  Moments moments = ColumnMoments(x, names);
  const Index d = x.cols();
  const double largest = d == 0 ? 0 : moments.scale.maxCoeff();
  if (largest == 0) {
    throw Error(ErrorCode::kUnusableData, "all features are constant", {},
                "Principal components need a feature that varies.");
  }
  Preparation result;
  result.order.resize(static_cast<std::size_t>(d));
  std::iota(result.order.begin(), result.order.end(), Index{0});
  result.mean = std::move(moments.mean);
  if (options.scale) {
    for (Index j = 0; j < d; ++j) {
      if (moments.scale[j] > 0) continue;
      throw Error(ErrorCode::kUnusableData, FeatureLabel(names, static_cast<std::size_t>(j)) + " is constant",
                  "All " + std::to_string(x.rows()) + " values are " + ToText(result.mean[j]) + ".",
                  "A constant cannot be scaled: leave it out, or do not scale.");
    }
    result.scale = std::move(moments.scale);
    result.wide = d;
    return result;
  }
  result.scale = Vector::Ones(d);
  result.exponent = std::clamp(std::ilogb(largest), -1000, 1000);
  std::stable_sort(result.order.begin(), result.order.end(),
                   [&](Index a, Index b) { return moments.scale[a] > moments.scale[b]; });
  result.wide =
      static_cast<Index>(std::count_if(moments.scale.begin(), moments.scale.end(),
                                       [&](double scale) { return scale > kNegligibleSpread * largest; }));
  return result;
}

// Rows [begin, begin + block->rows()) as prepared; negligible features become 0.
void FillBlock(const MatrixView& x, const Preparation& prepared, Index begin, Columns* block) {
  const double unit = std::ldexp(1.0, -prepared.exponent);
  for (Index c = 0; c < x.cols(); ++c) {
    const Index feature = prepared.order[static_cast<std::size_t>(c)];
    if (c >= prepared.wide) {
      block->col(c).setZero();
      continue;
    }
    // Multiplied first: the difference of two extreme values may overflow.
    const double mean = prepared.mean[feature] * unit;
    const double scale = prepared.scale[feature];
    for (Index i = 0; i < block->rows(); ++i) (*block)(i, c) = (x(begin + i, feature) * unit - mean) / scale;
  }
}

// Replaces the upper triangle `r` by that of the QR decomposition of [r; block], whose rows it uses up. Each
// reflection touches one row of r and all of the block.
void AbsorbBlock(Columns* r, Columns* block, Meter* meter) {
  const Index d = r->cols();
  for (Index k = 0; k < d; ++k) {
    auto v = block->col(k);
    const double squares = v.squaredNorm();
    if (squares == 0) continue;
    const double alpha = (*r)(k, k);
    const double beta = -std::copysign(std::sqrt(alpha * alpha + squares), alpha);
    const double tau = (beta - alpha) / beta;
    v /= alpha - beta;
    (*r)(k, k) = beta;
    for (Index j = k + 1; j < d; ++j) {
      const double w = tau * ((*r)(k, j) + v.dot(block->col(j)));
      (*r)(k, j) -= w;
      block->col(j) -= w * v;
    }
    meter->Add(4 * (d - k) * block->rows());
  }
}

// d × min(n, d): columns that span what the rows of the prepared data span, with the same singular values
// and, on the left, the loadings.
Columns Reduce(const MatrixView& x, const Preparation& prepared) {
  const Index n = x.rows();
  const Index d = x.cols();
  RequireMemory(
      static_cast<std::size_t>(d) * static_cast<std::size_t>(std::min(n, d) + kBlockRows) * sizeof(double),
      "principal components");
  Meter meter;
  if (n <= d) {
    Columns columns(d, n);
    Columns row(1, d);
    for (Index i = 0; i < n; ++i) {
      FillBlock(x, prepared, i, &row);
      columns.col(i) = row.transpose();
      meter.Add(2 * d);
    }
    return columns;
  }
  Columns r = Columns::Zero(d, d);
  Columns block(kBlockRows, d);
  for (Index begin = 0; begin < n; begin += kBlockRows) {
    if (n - begin < kBlockRows) block.resize(n - begin, d);
    FillBlock(x, prepared, begin, &block);
    AbsorbBlock(&r, &block, &meter);
  }
  r.transposeInPlace();
  return r;
}

// Rotates pairs of columns until all are orthogonal, the longer of a pair going first (de Rijk 1989,
// doi:10.1137/0910023).
void Orthogonalise(Columns* columns) {
  const double tolerance =
      std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(columns->rows()));
  Meter meter;
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    bool rotated = false;
    for (Index p = 0; p + 1 < columns->cols(); ++p) {
      for (Index q = p + 1; q < columns->cols(); ++q) {
        auto a = columns->col(p);
        auto b = columns->col(q);
        meter.Add(12 * columns->rows());
        double aa = a.squaredNorm();
        double bb = b.squaredNorm();
        if (aa < bb) {
          a.swap(b);
          std::swap(aa, bb);
        }
        const double ab = a.dot(b);
        if (std::fabs(ab) <= tolerance * std::sqrt(aa) * std::sqrt(bb)) continue;
        rotated = true;
        const double zeta = (bb - aa) / (2 * ab);
        const double tangent = std::copysign(1 / (std::fabs(zeta) + std::hypot(1, zeta)), zeta);
        const double cosine = 1 / std::sqrt(1 + tangent * tangent);
        const double sine = cosine * tangent;
        for (Index i = 0; i < columns->rows(); ++i) {
          const double old = a[i];
          a[i] = cosine * old - sine * b[i];
          b[i] = sine * old + cosine * b[i];
        }
      }
    }
    if (!rotated) return;
  }
  throw Error(ErrorCode::kNumericRange, "the principal components did not converge",
              std::to_string(kMaxSweeps) + " sweeps over " + std::to_string(columns->cols()) + " columns.");
}

// Lengths of orthogonal columns, which become unit vectors; those without length are replaced so that all
// stay orthonormal, each by what is left of the first axis that is not yet spanned.
Vector NormaliseColumns(Columns* columns) {
  Vector lengths = columns->colwise().norm();
  const double negligible = kNegligibleSpread * lengths.maxCoeff();
  for (Index c = 0; c < columns->cols(); ++c) {
    if (lengths[c] > negligible) {
      columns->col(c) /= lengths[c];
    } else {
      lengths[c] = 0;
      columns->col(c).setZero();
    }
  }
  Index axis = 0;
  for (Index c = 0; c < columns->cols(); ++c) {
    if (lengths[c] > 0) continue;
    for (; axis < columns->rows(); ++axis) {
      Poll();
      Vector candidate = Vector::Unit(columns->rows(), axis);
      for (int pass = 0; pass < 2; ++pass) candidate -= *columns * (columns->transpose() * candidate);
      // Some axis keeps at least 1/sqrt(rows) of its length.
      if (candidate.norm() * std::sqrt(static_cast<double>(columns->rows())) < 0.5) continue;
      columns->col(c) = candidate.normalized();
      break;
    }
  }
  return lengths;
}

// The sign of a singular vector is free; this makes it a matter of the data.
void MakeSignCanonical(Eigen::Ref<Eigen::RowVectorXd> loading) {
  const double largest = loading.cwiseAbs().maxCoeff();
  for (const double value : loading) {
    if (std::fabs(value) < largest * (1 - kTie)) continue;
    if (value < 0) loading = -loading;
    return;
  }
}

void CheckOptions(const MatrixView& x, const PcaOptions& options) {
  if (x.rows() < 2) {
    throw Error(ErrorCode::kUnusableData, "principal components need at least two rows",
                "There are " + std::to_string(x.rows()) + ".");
  }
  const Index most = std::min(x.rows(), x.cols());
  if (options.components < 0 || options.components > most) {
    throw Error(ErrorCode::kInvalidArgument, "the number of components is out of range",
                "Got " + std::to_string(options.components) + " for " + std::to_string(x.rows()) +
                    " rows of " + std::to_string(x.cols()) + " features.",
                "Use 0 for all, or at most " + std::to_string(most) + ".");
  }
}

}  // namespace

Pca FitPca(const MatrixView& x, const PcaOptions& options, std::span<const std::string> names) {
  CheckOptions(x, options);
  Preparation prepared = Prepare(x, options, names);
  Columns columns = Reduce(x, prepared);
  Orthogonalise(&columns);
  const Vector lengths = NormaliseColumns(&columns);

  std::vector<Index> rank(static_cast<std::size_t>(lengths.size()));
  std::iota(rank.begin(), rank.end(), Index{0});
  std::stable_sort(rank.begin(), rank.end(), [&](Index a, Index b) { return lengths[a] > lengths[b]; });

  const Index k = options.components == 0 ? lengths.size() : options.components;
  Pca result{std::move(prepared.mean),
             std::move(prepared.scale),
             Matrix(k, x.cols()),
             Vector(k),
             Vector(k),
             Vector(k)};
  const double total = lengths.squaredNorm();
  for (Index i = 0; i < k; ++i) {
    const Index source = rank[static_cast<std::size_t>(i)];
    for (Index c = 0; c < x.cols(); ++c) {
      result.loadings(i, prepared.order[static_cast<std::size_t>(c)]) = columns(c, source);
    }
    MakeSignCanonical(result.loadings.row(i));
    const double squares = lengths[source] * lengths[source];
    result.singular_values[i] = std::ldexp(lengths[source], prepared.exponent);
    result.explained_variance[i] =
        std::ldexp(squares / static_cast<double>(x.rows() - 1), 2 * prepared.exponent);
    result.explained_variance_ratio[i] = squares / total;
  }
  if (!std::isfinite(result.explained_variance[0])) {
    throw Error(ErrorCode::kNumericRange,
                "the variance of the features exceeds the range of double precision", {},
                "Scale the features.");
  }
  return result;
}

Matrix Pca::Scores(const MatrixView& x) const {
  if (x.cols() != mean.size()) {
    throw Error(ErrorCode::kInvalidArgument, "wrong number of features",
                "Expected " + std::to_string(mean.size()) + ", got " + std::to_string(x.cols()) + ".");
  }
  const Index k = loadings.rows();
  RequireMemory(static_cast<std::size_t>(x.rows()) * static_cast<std::size_t>(k) * sizeof(double),
                "scores of principal components");
  Matrix scores(x.rows(), k);
  Eigen::RowVectorXd row(x.cols());
  Meter meter;
  for (Index i = 0; i < x.rows(); ++i) {
    row = (x.row(i) - mean.transpose()).array() / scale.transpose().array();
    for (Index c = 0; c < k; ++c) scores(i, c) = row.dot(loadings.row(c));
    meter.Add(2 * (k + 1) * x.cols());
  }
  return scores;
}

}  // namespace ecomm::core
