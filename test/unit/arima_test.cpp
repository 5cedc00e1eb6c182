#include "ecomm_analytics/core/arima.hpp"

#include <limits>
#include <numeric>

#include "arima_support.hpp"
#include "poll_count.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

ArimaOptions Asked(const std::string& form, int period) {
  const ArimaForm parsed = ParseArimaForm(form);
  return {.order = parsed.order, .period = parsed.period.value_or(period), .constant = parsed.constant};
}

TEST(ArimaForm, NamesRoundTrip) {
  const ArimaForm full = ParseArimaForm("ARIMA(0,1,1)(2,1,0)[12] with drift");
  EXPECT_EQ(full.order, (ArimaOrder{0, 1, 1, 2, 1, 0}));
  EXPECT_EQ(full.period, 12);
  EXPECT_EQ(full.constant, true);
  EXPECT_EQ(Name(full.order, 12), "ARIMA(0,1,1)(2,1,0)[12]");
  EXPECT_EQ(ParseArimaForm("(2,1,2)"), (ArimaForm{{2, 1, 2, 0, 0, 0}, {}, {}}));
  EXPECT_EQ(ParseArimaForm("arima( 1, 0,1 ) (1,1,0)").order, (ArimaOrder{1, 0, 1, 1, 1, 0}));
  EXPECT_EQ(ParseArimaForm("(1,0,0) with zero mean").constant, false);
  EXPECT_EQ(ParseArimaForm("ARIMA(1,0,0) with non-zero mean").constant, true);
  EXPECT_EQ(Name(ArimaOrder{2, 1, 2, 0, 0, 0}, 7), "ARIMA(2,1,2)");
}

TEST(ArimaForm, RefusesWhatIsNoModel) {
  for (const char* text : {"", "ARIMA", "(1,1)", "(1,1,1", "(1,1,1)(1,1)", "(-1,0,0)", "(1,0,0)[12",
                           "(1,0,0) with", "(1,0,0)x", "(9999999999999,0,0)"}) {
    ExpectError(ErrorCode::kInvalidArgument, "unknown ARIMA model", "", [&] { ParseArimaForm(text); });
  }
  ExpectError(ErrorCode::kInvalidArgument, "outside its range", "p: 51", [] { ParseArimaForm("(51,0,0)"); });
  ExpectError(ErrorCode::kInvalidArgument, "outside its range", "d: 4", [] { ParseArimaForm("(0,4,0)"); });
  ExpectError(ErrorCode::kInvalidArgument, "outside its range", "Q: 11",
              [] { ParseArimaForm("(0,1,0)(0,0,11)"); });
  ExpectError(ErrorCode::kInvalidArgument, "need a season", "Period: 1",
              [] { ParseArimaForm("(0,1,0)(0,0,1)[1]"); });
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0", [] { ParseArimaForm("(0,1,0)[0]"); });
}

// R's coefficients run over the series give R's likelihood. Its errors at the start count too, small as they
// are, in its sigma2.
TEST(RunArima, EqualsR) {
  for (const char* group : {"fits", "regressions"}) {
    for (const auto& record : ArimaReference()[group]) {
      const std::string label = ArimaLabel(record);
      const auto y = RecordedSeries(record["series"]);
      const ArimaModel model = RunArima(y, RecordedRegressors(record, 1, y.size()), RecordedArima(record));
      EXPECT_NEAR(model.loglik, record["loglik"].get<double>(), 2e-4) << label;
      EXPECT_NEAR(model.aic, record["aic"].get<double>(), 4e-4) << label;
      EXPECT_NEAR(model.aicc, record["aicc"].get<double>(), 4e-4) << label;
      EXPECT_NEAR(model.bic, record["bic"].get<double>(), 4e-4) << label;
      EXPECT_NEAR(model.sigma2 / record["sigma2"].get<double>(), 1, 2e-4) << label;
      EXPECT_EQ(Name(model), record["method"].get<std::string>());
      ExpectFinite(model, label);
    }
  }
}

// Among these are maxima on the border, where moving averages are not invertible.
TEST(FitArima, IsAsLikelyAsR) {
  for (const char* group : {"fits", "regressions"}) {
    for (const auto& record : ArimaReference()[group]) {
      const std::string label = ArimaLabel(record);
      const auto y = RecordedSeries(record["series"]);
      const ArimaModel model = FitArima(y, RecordedRegressors(record, 1, y.size()), RecordedOptions(record));
      EXPECT_GT(model.loglik, record["loglik"].get<double>() - 1e-3) << label;
      EXPECT_EQ(model.estimated, RecordedArima(record).estimated) << label;
      EXPECT_FALSE(model.conditional);
      ExpectFinite(model, label);
    }
  }
}

TEST(FitArima, FindsTheCoefficientsOfR) {
  int compared = 0;
  for (const char* group : {"fits", "regressions"}) {
    for (const auto& record : ArimaReference()[group]) {
      const std::string label = ArimaLabel(record);
      const auto y = RecordedSeries(record["series"]);
      const ArimaModel model = FitArima(y, RecordedRegressors(record, 1, y.size()), RecordedOptions(record));
      // More than this above R's likelihood: another maximum.
      if (model.loglik > record["loglik"].get<double>() + 1e-3) continue;
      const ArimaModel expected = RecordedArima(record);
      const auto all = [](const ArimaModel& m) {
        const ArimaCoefficients& c = m.coefficients;
        std::vector<double> values;
        for (const auto* part : {&c.ar, &c.ma, &c.seasonal_ar, &c.seasonal_ma}) {
          values.insert(values.end(), part->begin(), part->end());
        }
        if (m.has_constant) values.push_back(c.constant);
        values.insert(values.end(), c.regressors.begin(), c.regressors.end());
        return values;
      };
      const auto ours = all(model);
      const auto theirs = all(expected);
      ASSERT_EQ(ours.size(), theirs.size()) << label;
      ASSERT_EQ(ours.size(), model.standard_errors.size()) << label;
      for (std::size_t i = 0; i < ours.size(); ++i) {
        EXPECT_NEAR(ours[i], theirs[i], 0.05 * model.standard_errors[i] + 2e-3) << label << " " << i;
      }
      ++compared;
    }
  }
  EXPECT_GT(compared, 60);
}

TEST(FitArima, StandardErrorsAreThoseOfR) {
  for (const char* name :
       {"AirPassengers ARIMA(0,1,1)(0,1,1)[12]", "Nile ARIMA(1,0,0) with non-zero mean",
        "WWWusage ARIMA(1,1,0) with drift", "LakeHuron Regression with ARIMA(2,0,0) errors"}) {
    for (const char* group : {"fits", "regressions"}) {
      for (const auto& record : ArimaReference()[group]) {
        if (ArimaLabel(record) != name) continue;
        const auto y = RecordedSeries(record["series"]);
        const ArimaModel model =
            FitArima(y, RecordedRegressors(record, 1, y.size()), RecordedOptions(record));
        ASSERT_EQ(model.standard_errors.size(), record["standard_errors"].size());
        for (std::size_t i = 0; i < model.standard_errors.size(); ++i) {
          EXPECT_NEAR(model.standard_errors[i] / record["standard_errors"][i].get<double>(), 1, 0.1) << name;
        }
      }
    }
  }
}

TEST(FitArima, DropsRegressorsThatSayNothingNew) {
  const auto y = RecordedSeries("Nile");
  Matrix x(static_cast<Eigen::Index>(y.size()), 4);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const double wave = std::sin(static_cast<double>(i));
    x.row(i) << 5, wave, 0.1 + 3 * wave, 0.1 * static_cast<double>(i);
  }
  const ArimaModel model = FitArima(y, x, Asked("(1,1,0) with drift", 1));
  EXPECT_EQ(model.coefficients.regressors[0], 0);
  EXPECT_NE(model.coefficients.regressors[1], 0);
  EXPECT_EQ(model.coefficients.regressors[2], 0);
  EXPECT_EQ(model.coefficients.regressors[3], 0);  // the drift
  EXPECT_EQ(model.estimated, 3);
  EXPECT_TRUE(std::isnan(model.standard_errors[2]));
  EXPECT_NEAR(model.loglik, FitArima(y, x.col(1), Asked("(1,1,0) with drift", 1)).loglik, 1e-9);
}

TEST(FitArima, IsTheSameInOtherUnits) {
  const auto y = RecordedSeries("UKgas");
  const Matrix x = RecordedWaves(1, y.size());
  const ArimaModel model = FitArima(y, x, Asked("(1,0,1)(0,1,1) with drift", 4));
  for (const double unit : {0x1p-400, 0x1p-3, 0x1p+400}) {
    const ArimaModel other = FitArima(Times(y, unit), x, Asked("(1,0,1)(0,1,1) with drift", 4));
    EXPECT_EQ(other.coefficients.ar, model.coefficients.ar);
    EXPECT_EQ(other.coefficients.constant, model.coefficients.constant * unit);
    EXPECT_EQ(other.state.prediction[0], model.state.prediction[0] * unit);
  }
}

TEST(FitArima, ShortSeries) {
  ExpectError(ErrorCode::kUnusableData, "empty", "", [] { FitArima(std::vector<double>{}, ArimaOptions{}); });
  for (std::size_t n = 1; n <= 12; ++n) {
    for (const char* form : {"(0,0,0)", "(0,1,0)", "(1,0,0)", "(0,1,1)", "(2,1,2)", "(1,0,0)(0,1,1)[4]"}) {
      const ArimaOptions options = Asked(form, 1);
      const ArimaOrder& o = options.order;
      const std::size_t needed =
          static_cast<std::size_t>(o.p + o.d + o.q + o.seasonal_p + 4 * o.seasonal_d + o.seasonal_q +
                                   (o.d + o.seasonal_d == 0 ? 1 : 0) + 1);
      if (n < needed) {
        ExpectError(ErrorCode::kUnusableData, "too few observations", "needed: " + std::to_string(needed),
                    [&] { FitArima(WavySeries(n, 4), options); });
        continue;
      }
      ExpectFinite(FitArima(WavySeries(n, 4), options), form + std::to_string(n));
    }
  }
  ExpectError(ErrorCode::kUnusableData, "too few observations", "needed: 368",
              [] { FitArima(WavySeries(100, 7), Asked("(0,1,0)(0,1,1)[365]", 1)); });
}

TEST(FitArima, ConstantAndPerfectSeries) {
  for (const double level : {0.0, 3.0, -1e-300, 1e139}) {
    for (const char* form : {"(0,0,0)", "(1,0,1)", "(0,1,1)(0,1,1)[7]", "(2,1,2) with drift"}) {
      const ArimaModel model = FitArima(std::vector<double>(50, level), Asked(form, 7));
      ExpectFinite(model, form);
      EXPECT_LE(model.sigma2, 1e-20 * level * level) << form;
    }
  }
  std::vector<double> line(40);
  std::iota(line.begin(), line.end(), 1.0);
  const ArimaModel model = FitArima(line, Asked("(0,1,0) with drift", 1));
  EXPECT_NEAR(model.coefficients.constant, 1, 1e-12);
  EXPECT_NEAR(model.fitted.back(), 40, 1e-9);
  ExpectFinite(FitArima(line, Asked("(2,1,1)", 1)), "line");
}

TEST(FitArima, SurvivesOutliersAndHugeRanges) {
  for (const double outlier : {1e3, 1e6, 1e12, 1e100, 1e139}) {
    auto y = WavySeries(96, 12);
    y[50] = outlier;
    for (const char* form : {"(0,1,1)(0,1,1)[12]", "(2,0,2)", "(1,0,0)(1,1,0)[12] with drift"}) {
      ExpectFinite(FitArima(y, Asked(form, 12)), form + std::to_string(outlier));
    }
  }
  std::vector<double> zeros(60, 0.0);
  zeros[10] = 5;
  ExpectFinite(FitArima(zeros, Asked("(1,1,1)(1,0,1)[7]", 7)), "one value");
}

TEST(FitArima, RefusesWhatItCannotUse) {
  std::vector<double> y = WavySeries(20, 4);
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    y[7] = bad;
    ExpectError(ErrorCode::kUnusableData, "not a finite number", "Position: 8 of 20",
                [&] { FitArima(y, ArimaOptions{}); });
  }
  y[7] = 1e141;
  ExpectError(ErrorCode::kNumericRange, "too large", "Position: 8 of 20",
              [&] { FitArima(y, ArimaOptions{}); });
  y[7] = 1;
  ArimaOptions options;
  options.period = 0;
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0", [&] { FitArima(y, options); });
  options.period = 1;
  options.order.seasonal_d = 1;
  ExpectError(ErrorCode::kInvalidArgument, "need a season", "", [&] { FitArima(y, options); });
  ExpectError(ErrorCode::kInvalidArgument, "as many as the observations", "Rows: 19",
              [&] { FitArima(y, RecordedWaves(1, 19), ArimaOptions{}); });
  Matrix x = RecordedWaves(1, 20);
  x(4, 1) = kNaN;
  ExpectError(ErrorCode::kUnusableData, "regressors", "Column: 2, position: 5.",
              [&] { FitArima(y, x, ArimaOptions{}); });
}

// Work is bounded whatever the period: each poll stands for at most about 1e5 operations.
TEST(FitArima, LongSeriesAndPeriods) {
  struct Case {
    std::size_t n;
    int period;
    const char* form;
    bool conditional;
    int most_polls;
  };
  for (const Case& c :
       {Case{1000, 365, "(1,0,1)(0,1,1)", false, 50'000}, Case{1000, 365, "(1,0,0)(1,0,0)", false, 50'000},
        Case{100'000, 7, "(1,1,1)(0,1,1)", false, 50'000},
        Case{20'000, 8766, "(1,0,1)(0,1,1)", true, 20'000}}) {
    const PollCount polls;
    const ArimaModel model = FitArima(WavySeries(c.n, c.period), Asked(c.form, c.period));
    ExpectFinite(model, c.form);
    EXPECT_EQ(model.conditional, c.conditional) << c.form;
    EXPECT_LT(polls.count(), c.most_polls) << c.form << " " << c.n;
    EXPECT_GT(polls.count(), 10);
  }
}

TEST(FitArima, ConditionalLeastSquares) {
  ArimaOptions options = Asked("(1,0,1)(1,1,0)", 12);
  options.conditional = true;
  const auto y = RecordedSeries("AirPassengers");
  const ArimaModel model = FitArima(y, options);
  EXPECT_TRUE(model.conditional);
  ExpectFinite(model, "conditional");
  // Of R's arima(method = "CSS").
  EXPECT_NEAR(model.coefficients.ar[0], 0.9801, 2e-3);
  options.conditional = false;
  const ArimaModel exact = FitArima(y, options);
  EXPECT_NEAR(model.coefficients.ar[0], exact.coefficients.ar[0], 0.05);
}

TEST(FitArima, IsDeterministic) {
  const auto y = WavySeries(150, 7);
  const ArimaModel first = FitArima(y, Asked("(2,0,1)(1,0,1)[7]", 7));
  const ArimaModel second = FitArima(y, Asked("(2,0,1)(1,0,1)[7]", 7));
  EXPECT_EQ(first.loglik, second.loglik);
  EXPECT_EQ(first.fitted, second.fitted);
}

TEST(UpdateArima, IsTheModelOfTheWholeSeries) {
  for (const char* group : {"fits", "regressions"}) {
    for (const auto& record : ArimaReference()[group]) {
      const auto y = RecordedSeries(record["series"]);
      const std::span all(y);
      const auto x = [&](std::size_t from, std::size_t count) {
        return RecordedRegressors(record, from + 1, count);
      };
      ArimaModel grown = RecordedArima(record);
      grown.conditional = record["series"] == "co2";
      const ArimaModel whole = RunArima(y, x(0, y.size()), grown);
      grown = RunArima(all.first(30), x(0, 30), whole);
      grown = UpdateArima(std::move(grown), all.subspan(30, 5), x(30, 5));
      grown = UpdateArima(std::move(grown), {}, x(35, 0));
      grown = UpdateArima(std::move(grown), all.subspan(35), x(35, y.size() - 35));
      const std::string label = ArimaLabel(record);
      const std::size_t lost = y.size() - whole.state.count;
      for (std::size_t i = lost; i < y.size(); ++i) ASSERT_EQ(grown.fitted[i], whole.fitted[i]) << label << i;
      EXPECT_NEAR(grown.loglik, whole.loglik, 1e-9) << label;
      EXPECT_NEAR(grown.aicc, whole.aicc, 1e-9) << label;
      EXPECT_NEAR(grown.sigma2, whole.sigma2, 1e-12 * whole.sigma2) << label;
      EXPECT_EQ(grown.state.prediction, whole.state.prediction) << label;
      EXPECT_EQ(grown.state.past, whole.state.past) << label;
    }
  }
}

TEST(UpdateArima, RefusesWhatTheModelCannotTake) {
  const ArimaModel model = FitArima(RecordedSeries("AirPassengers"), Asked("(0,1,1)(0,1,1)[12]", 12));
  ExpectError(ErrorCode::kUnusableData, "not a finite number", "Position: 1 of 1",
              [&] { UpdateArima(model, std::vector<double>{kNaN}, NoRegressors(1)); });
  ExpectError(ErrorCode::kInvalidArgument, "do not fit", "Columns of regressors: 2, needed: 0",
              [&] { UpdateArima(model, std::vector<double>{1}, RecordedWaves(1, 1)); });
  ArimaModel broken = model;
  broken.state.past.pop_back();
  ExpectError(ErrorCode::kInvalidArgument, "do not fit", "Observations kept: 12, needed: 13",
              [&] { UpdateArima(broken, std::vector<double>{1}, NoRegressors(1)); });
  broken = model;
  broken.coefficients.ma.clear();
  ExpectError(ErrorCode::kInvalidArgument, "do not fit", "q: 0, needed: 1",
              [&] { RunArima(std::vector<double>(20, 1.0), NoRegressors(20), broken); });
  ExpectError(ErrorCode::kInvalidArgument, "no state", "",
              [&] { UpdateArima(ArimaModel{}, std::vector<double>{1}, NoRegressors(1)); });
  ArimaModel unstable;
  unstable.order.p = 1;
  unstable.coefficients.ar = {1.2};
  ExpectError(ErrorCode::kInvalidArgument, "not stationary", "ARIMA(1,0,0)",
              [&] { RunArima(std::vector<double>(20, 1.0), NoRegressors(20), unstable); });
  ExpectError(ErrorCode::kUnusableData, "too few observations", "needed: 14",
              [&] { RunArima(std::vector<double>(13, 1.0), NoRegressors(13), model); });
}

}  // namespace
}  // namespace ecomm::core
