// The profile likelihood of the power transforms, and where it is largest. Part of transform_lambda.cpp, in a
// file of its own because this is the part that is evaluated over and over.
//
// With l = log x, a transformed value is l * phi((lambda - c) l), phi(t) = (e^t - 1) / t, where c = 0 except
// for negative values under Yeo–Johnson (l = -log(1 - x), c = 2). Per value the log-likelihood is
//   f(lambda) = (lambda - 1) mean(l) - log(var(l phi)) / 2,
// and it is concave: Kouider & Chen 1995, Statist. Probab. Lett. 25, for Box–Cox; Marchand, Muzellec,
// Beguier, Ogier du Terrail & Andreux 2022, arXiv:2210.01639, for Yeo–Johnson. So its derivative has one
// zero.
//
// Box–Cox does not mind the unit of x: divided by the geometric mean, the linear term vanishes and the
// logarithms keep all their digits however narrow the data. The logarithms are also divided by the largest
// of them, u = l / unit; what is sought is then mu = lambda * unit, and neither extreme data nor an extreme
// lambda leaves the range of double.
#pragma once

#include <vector>

namespace ecomm::core {

// A sample as the likelihood sees it.
struct PowerLogs {
  std::vector<double> u;       // l / unit, within [-1, 1]
  std::vector<double> weight;  // how often each occurs; empty: once
  double count = 0;            // sum of the weights
  double unit = 1;
  double mean_u = 0;     // 0 where the geometric mean was divided out
  double reference = 0;  // the mean of l that was taken out, 0 otherwise
  double offset = 0;     // c * unit for negative u
  double least = 0;      // of u
  double greatest = 0;
};

// log(var(u phi)).
double LogVariance(const PowerLogs& logs, double mu);

// The mu of the largest likelihood, searched from `mu`. Throws Error(kNumericRange) where it cannot be
// represented.
double MaximiseLikelihood(const PowerLogs& logs, double mu);

[[noreturn]] void ThrowLambdaOutOfRange();

}  // namespace ecomm::core
