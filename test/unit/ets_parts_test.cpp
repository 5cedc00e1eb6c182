// What the search for a model is made of: likelihood and gradient, stability, the minimizer.
#include <algorithm>

#include "../../src/core/ets_likelihood.hpp"
#include "../../src/core/ets_stability.hpp"
#include "../../src/core/minimize.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ets_support.hpp"

namespace ecomm::core {
namespace {

const char* const kForms[] = {"ANN", "AAN",  "AAdN", "ANA", "AAA",  "AAdA", "MNN",  "MAN", "MAdN", "MNA",
                              "MAA", "MAdA", "MNM",  "MAM", "MAdM", "MMN",  "MMdN", "MMM", "MMdM"};

std::vector<double> States(const EtsForm& form, int period) {
  std::vector<double> states{1.02};
  if (form.trend != EtsPart::kNone) states.push_back(form.trend == EtsPart::kAdditive ? 0.01 : 1.01);
  for (int i = 0; i < period && form.season != EtsPart::kNone; ++i) {
    states.push_back((form.season == EtsPart::kAdditive ? 0 : 1) + 0.05 * std::sin(i));
  }
  return states;
}

TEST(EtsLikelihood, IsRs) {
  for (const auto& fit : EtsReference()["fits"]) {
    const EtsModel model = RecordedModel(fit);
    const auto y = RecordedSeries(fit["series"]);
    std::vector<double> states{model.initial.level};
    if (model.form.trend != EtsPart::kNone) states.push_back(model.initial.trend);
    states.insert(states.end(), model.initial.seasonal.begin(), model.initial.seasonal.end());
    EtsLikelihood likelihood(y, model.form, model.period);
    const auto n = static_cast<double>(y.size());
    const double value = likelihood.Value(model.parameters, states);
    const bool positive = *std::min_element(model.fitted.begin(), model.fitted.end()) > 0;
    if (model.form.error == EtsPart::kMultiplicative && !positive) {
      EXPECT_TRUE(std::isinf(value)) << Label(fit);
    } else {
      ExpectClose(-0.5 * n * value, fit["loglik"], Label(fit));
    }
  }
}

TEST(EtsLikelihood, GradientIsThatOfTheValue) {
  const int period = 5;
  const auto y = WavySeries(43, period, 1, 0.002, 0.1, 0.03);
  for (const char* name : kForms) {
    const EtsForm form = ParseEtsForm(name);
    EtsLikelihood likelihood(y, form, period);
    EtsParameters p{0.3, 0.1, 0.2, form.damped ? 0.9 : 1.0};
    auto states = States(form, period);
    ASSERT_TRUE(std::isfinite(likelihood.Value(p, states))) << name;
    std::vector<double> by_state(states.size());
    const auto by = likelihood.Gradient(by_state);
    const auto numeric = [&](double* x) {
      const double at = *x;
      const double step = 1e-6;
      *x = at + step;
      const double above = likelihood.Value(p, states);
      *x = at - step;
      const double below = likelihood.Value(p, states);
      *x = at;
      return (above - below) / (2 * step);
    };
    const std::string label = name;
    ExpectClose(by.alpha, numeric(&p.alpha), label + " alpha", 1e-6);
    if (form.trend != EtsPart::kNone) {
      ExpectClose(by.beta, numeric(&p.beta), label + " beta", 1e-6);
    }
    if (form.season != EtsPart::kNone) {
      ExpectClose(by.gamma, numeric(&p.gamma), label + " gamma", 1e-6);
    }
    if (form.damped) {
      ExpectClose(by.phi, numeric(&p.phi), label + " phi", 1e-6);
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
      ExpectClose(by_state[i], numeric(&states[i]), label + " state " + std::to_string(i), 1e-6);
    }
  }
}

TEST(EtsLikelihood, IsInfiniteWhereTheModelIsNotDefined) {
  const auto y = WavySeries(20, 4, 1, 0, 0.1, 0.01);
  EtsLikelihood level(y, ParseEtsForm("MNN"), 4);
  EXPECT_TRUE(std::isinf(level.Value({0.1, 0, 0, 1}, std::vector<double>{-1})));
  EtsLikelihood season(y, ParseEtsForm("MNM"), 4);
  EXPECT_TRUE(std::isinf(season.Value({0.1, 0, 0.1, 1}, std::vector<double>{1, 1, -1, 2, 2})));
  EtsLikelihood growth(y, ParseEtsForm("MMN"), 4);
  EXPECT_TRUE(std::isinf(growth.Value({0.1, 0.1, 0, 1}, std::vector<double>{1, -1})));
}

// The largest root of the book's characteristic equation, from the eigenvalues of its companion matrix.
double LargestRoot(const EtsParameters& p, int period) {
  const Eigen::Index m = period;
  Eigen::VectorXd c = Eigen::VectorXd::Constant(m + 1, p.alpha + p.beta - p.alpha * p.phi);
  c[0] = p.phi * (1 - p.alpha - p.gamma);
  c[1] += p.gamma - 1;
  c[m] = p.alpha + p.beta - p.phi;
  Eigen::MatrixXd companion = Eigen::MatrixXd::Zero(m + 1, m + 1);
  companion.diagonal(-1).setOnes();
  companion.col(m) = -c;
  return companion.eigenvalues().cwiseAbs().maxCoeff();
}

TEST(EtsStability, AgreesWithTheRoots) {
  Random random(3);
  const EtsForm form = ParseEtsForm("AAdA");
  for (const int period : {2, 3, 4, 7, 12, 24, 150}) {
    std::vector<double> scratch(static_cast<std::size_t>(period) + 2);
    int stable = 0;
    int wrong = 0;
    const int trials = period > 100 ? 60 : 300;
    for (int i = 0; i < trials; ++i) {
      EtsParameters p;
      p.alpha = random.Uniform();
      p.beta = p.alpha * std::pow(random.Uniform(), 3);
      p.gamma = (1 - p.alpha) * random.Uniform();
      p.phi = i % 2 == 0 ? 1 : 0.8 + 0.18 * random.Uniform();
      const bool expected = LargestRoot(p, period) <= 1;
      stable += expected;
      wrong += IsForecastable(form, period, p, scratch) != expected;
    }
    EXPECT_GT(stable, 0) << period;
    EXPECT_LE(wrong, period > 100 ? 3 : 0) << period;
  }
}

class Rosenbrock final : public SmoothFunction {
 public:
  double Value(std::span<const double> x) override {
    x_.assign(x.begin(), x.end());
    if (x[0] < -2) return std::numeric_limits<double>::infinity();
    double sum = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = x[i + 1] - x[i] * x[i];
      sum += 100 * a * a + (1 - x[i]) * (1 - x[i]);
    }
    return sum;
  }
  void Gradient(std::span<double> g) override {
    std::fill(g.begin(), g.end(), 0.0);
    for (std::size_t i = 0; i + 1 < x_.size(); ++i) {
      const double a = x_[i + 1] - x_[i] * x_[i];
      g[i] += -400 * a * x_[i] - 2 * (1 - x_[i]);
      g[i + 1] += 200 * a;
    }
  }

 private:
  std::vector<double> x_;
};

TEST(Minimizer, FindsTheMinimum) {
  for (const std::size_t size : {2, 10, 200}) {
    MinimizeOptions options;
    options.tolerance = 1e-14;
    options.max_iterations = 5000;
    Minimizer minimizer(size, options);
    Rosenbrock function;
    for (int again = 0; again < 2; ++again) {
      std::vector<double> x(size, -1.2);
      EXPECT_LT(minimizer.Minimize(&function, x), 1e-8) << size;
      for (const double value : x) EXPECT_NEAR(value, 1, 1e-3);
    }
  }
}

TEST(Minimizer, StopsWhereItStandsOutsideTheDomainOrAtAMinimum) {
  Minimizer minimizer(2, {});
  Rosenbrock function;
  std::vector<double> outside{-3, 0};
  EXPECT_TRUE(std::isinf(minimizer.Minimize(&function, outside)));
  EXPECT_EQ(outside, (std::vector<double>{-3, 0}));
  std::vector<double> minimum{1, 1};
  EXPECT_EQ(minimizer.Minimize(&function, minimum), 0);
  EXPECT_EQ(minimum, (std::vector<double>{1, 1}));
}

}  // namespace
}  // namespace ecomm::core
