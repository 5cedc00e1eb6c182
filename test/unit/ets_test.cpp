#include "ecomm_analytics/core/ets.hpp"

#include <limits>
#include <numeric>

#include "ets_support.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

EtsOptions Asked(const std::string& form, int period) {
  EtsOptions options;
  options.form = ParseEtsForm(form);
  options.period = period;
  return options;
}

TEST(EtsForm, NamesRoundTrip) {
  for (const char* name :
       {"ANN", "AAN",  "AAdN", "ANA", "AAA",  "AAdA", "MNN",  "MAN", "MAdN", "MMN",  "MMdN", "MNA",
        "MAA", "MAdA", "MNM",  "MAM", "MAdM", "MMM",  "MMdM", "ZZZ", "AZN",  "ZAdZ", "ZMdZ"}) {
    EXPECT_EQ(Name(ParseEtsForm(name)), name);
  }
  EXPECT_EQ(Name(ParseEtsForm("aaDa")), "AAdA");
  EXPECT_EQ(ParseEtsCriterion("bic"), EtsCriterion::kBic);
  EXPECT_EQ(Name(EtsCriterion::kAicc), "aicc");
}

TEST(EtsForm, RefusesWhatIsNoModel) {
  for (const char* name :
       {"", "A", "AN", "ANNN", "NNN", "ANd", "ANdN", "AZdN", "AAX", "XAA", "AAdAd", "AA A"}) {
    ExpectError(ErrorCode::kInvalidArgument, "unknown exponential smoothing model", name,
                [&] { ParseEtsForm(name); });
  }
  for (const char* name : {"ANM", "AAM", "AAdM", "AMN", "AMA", "AMM", "MMA", "MMdA", "ZMA"}) {
    ExpectError(ErrorCode::kInvalidArgument, "unstable", name, [&] { ParseEtsForm(name); });
  }
  ExpectError(ErrorCode::kInvalidArgument, "criterion", "hqc", [] { ParseEtsCriterion("hqc"); });
}

// The recursion with R's parameters and states gives R's numbers.
TEST(RunEts, EqualsR) {
  for (const auto& fit : EtsReference()["fits"]) {
    const std::string label = Label(fit);
    const EtsModel model = RecordedModel(fit);
    ExpectClose(model.loglik, fit["loglik"], label + " loglik");
    ExpectClose(model.aic, fit["aic"], label + " aic");
    ExpectClose(model.aicc, fit["aicc"], label + " aicc");
    ExpectClose(model.bic, fit["bic"], label + " bic");
    EXPECT_NEAR(model.sigma2 / fit["sigma2"].get<double>(), 1, 1e-9) << label;
    const auto positions = fit["positions"].get<std::vector<std::size_t>>();
    for (std::size_t i = 0; i < positions.size(); ++i) {
      ExpectClose(model.fitted[positions[i] - 1], fit["fitted"][i], label + " fitted");
      ExpectClose(model.residuals[positions[i] - 1], fit["residuals"][i], label + " residuals");
    }
    const auto last = fit["last"].get<std::vector<double>>();
    ExpectClose(model.state.level, last[0], label + " last level");
    for (std::size_t i = 0; i < model.state.seasonal.size(); ++i) {
      ExpectClose(model.state.seasonal[i], last[last.size() - 1 - i], label + " last season");
    }
  }
}

TEST(FitEts, IsAsLikelyAsR) {
  for (const auto& fit : EtsReference()["fits"]) {
    const std::string name = fit["series"];
    const EtsModel model = FitEts(RecordedSeries(name), Asked(fit["form"], RecordedPeriod(name)));
    EXPECT_GT(model.loglik, fit["loglik"].get<double>() - 1e-3) << Label(fit);
    EXPECT_EQ(model.estimated, fit["estimated"].get<int>()) << Label(fit);
    EXPECT_EQ(Name(model.form), fit["form"].get<std::string>());
    ExpectFinite(model, Label(fit));
  }
}

TEST(FitEts, ChoosesAsWellAsR) {
  for (const auto& record : EtsReference()["automatic"]) {
    const std::string name = record["series"];
    EtsOptions options = Asked("ZZZ", RecordedPeriod(name));
    options.criterion = ParseEtsCriterion(record["criterion"].get<std::string>());
    const EtsModel model = FitEts(RecordedSeries(name), options);
    const double value = options.criterion == EtsCriterion::kBic ? model.bic : model.aicc;
    EXPECT_LT(value, record["value"].get<double>() + 2) << Label(record) << " " << Name(model.form);
  }
}

TEST(FitEts, KeepsToWhatIsAllowed) {
  for (const char* form : {"AAA", "AAdA", "MAM", "MAdM", "MMM", "MMdM", "MAA", "MAdA", "MMdN"}) {
    for (const int period : {4, 7, 12}) {
      const EtsModel model = FitEts(WavySeries(100, period), Asked(form, period));
      const EtsParameters& p = model.parameters;
      EXPECT_GE(p.alpha, 1e-4);
      EXPECT_LE(p.alpha, 0.9999);
      EXPECT_GE(p.beta, 1e-4 - 1e-15);
      EXPECT_LE(p.beta, p.alpha);
      if (model.form.damped) {
        EXPECT_GE(p.phi, 0.8);
        EXPECT_LE(p.phi, 0.98 + 1e-15);
      } else {
        EXPECT_EQ(p.phi, 1);
      }
      if (model.form.season == EtsPart::kNone) {
        EXPECT_EQ(p.gamma, 0);
        continue;
      }
      EXPECT_LE(p.gamma, 1 - p.alpha + 1e-15);
      const double sum = std::accumulate(model.initial.seasonal.begin(), model.initial.seasonal.end(), 0.0);
      EXPECT_NEAR(sum, model.form.season == EtsPart::kMultiplicative ? period : 0, 1e-8) << form;
    }
  }
}

TEST(FitEts, DampsAsAsked) {
  const auto y = WavySeries(80, 4);
  EtsOptions options = Asked("ZZZ", 4);
  options.damped = true;
  const EtsModel damped = FitEts(y, options);
  EXPECT_TRUE(damped.form.damped || damped.form.trend == EtsPart::kNone);
  options.damped = false;
  EXPECT_FALSE(FitEts(y, options).form.damped);
  EXPECT_FALSE(FitEts(y, Asked("AAN", 4)).form.damped);
}

TEST(FitEts, FixesAParameterWhoseRangeIsAPoint) {
  EtsOptions options = Asked("AAN", 1);
  options.alpha = {0.4, 0.4};
  const EtsModel model = FitEts(RecordedSeries("Nile"), options);
  EXPECT_EQ(model.parameters.alpha, 0.4);
  EXPECT_EQ(model.estimated, 3);
  options.beta = {0.5, 0.6};
  ExpectError(ErrorCode::kInvalidArgument, "nothing is left of the range of alpha", "0.5",
              [&] { FitEts(RecordedSeries("Nile"), options); });
}

TEST(FitEts, IsTheSameInOtherUnits) {
  const auto y = RecordedSeries("UKgas");
  const EtsModel model = FitEts(y, Asked("ZZZ", 4));
  for (const double unit : {0x1p-400, 0x1p-3, 0x1p+400}) {
    const EtsModel other = FitEts(Times(y, unit), Asked("ZZZ", 4));
    EXPECT_EQ(other.form, model.form);
    EXPECT_EQ(other.parameters.alpha, model.parameters.alpha);
    EXPECT_EQ(other.state.level, model.state.level * unit);
  }
}

TEST(FitEts, TakesSeriesThatAreNotPositiveAdditively) {
  auto y = WavySeries(90, 7, 5, 0, 5, 3);
  y[40] = 0;
  const EtsModel model = FitEts(y, Asked("ZZZ", 7));
  EXPECT_EQ(model.form.error, EtsPart::kAdditive);
  ExpectError(ErrorCode::kUnusableData, "does not allow", "positive", [&] { FitEts(y, Asked("MNN", 7)); });
}

TEST(FitEts, ShortSeriesGetTheModelsTheyCanBear) {
  for (std::size_t n = 1; n <= 30; ++n) {
    const EtsModel model = FitEts(WavySeries(n, 4), Asked("ZZZ", 4));
    ExpectFinite(model, "length " + std::to_string(n));
    EXPECT_EQ(model.fitted.size(), n);
    if (n < 8) {
      EXPECT_EQ(model.form.season, EtsPart::kNone);
    }
    if (n < 5) {
      EXPECT_EQ(model.parameters.alpha, 0.9999);
    }
  }
  ExpectError(ErrorCode::kUnusableData, "empty", "", [] { FitEts(std::vector<double>{}); });
  ExpectError(ErrorCode::kUnusableData, "does not allow", "7 observations, here 4",
              [] { FitEts(WavySeries(4, 4), Asked("AAN", 4)); });
  ExpectError(ErrorCode::kUnusableData, "does not allow", "two periods: 24",
              [] { FitEts(WavySeries(23, 4), Asked("ANA", 12)); });
  EXPECT_EQ(FitEts(WavySeries(23, 4), Asked("ZZZ", 12)).form.season, EtsPart::kNone);
}

TEST(FitEts, ConstantAndPerfectSeries) {
  for (const double level : {0.0, 3.0, -1e-300, 1e139}) {
    const EtsModel model = FitEts(std::vector<double>(50, level), Asked("ZZZ", 7));
    EXPECT_EQ(Name(model.form), "ANN");
    EXPECT_EQ(model.state.level, level);
    EXPECT_EQ(model.sigma2, 0);
    ExpectFinite(model, "constant");
    ExpectFinite(FitEts(std::vector<double>(50, level), Asked("AAA", 7)), "constant AAA");
  }
  ExpectFinite(FitEts(std::vector<double>(50, 3.0), Asked("MMM", 7)), "constant MMM");
  std::vector<double> line(40);
  std::iota(line.begin(), line.end(), 1.0);
  const EtsModel trend = FitEts(line, Asked("ZZZ", 1));
  EXPECT_NEAR(trend.fitted.back(), 40, 1e-6);
  std::vector<double> growth(40);
  for (std::size_t i = 0; i < growth.size(); ++i) growth[i] = std::pow(1.1, static_cast<double>(i));
  EtsOptions options = Asked("ZZN", 1);
  options.multiplicative_trend = true;
  EXPECT_EQ(FitEts(growth, options).form.trend, EtsPart::kMultiplicative);
}

TEST(FitEts, SurvivesOutliersAndHugeRanges) {
  for (const double outlier : {1e3, 1e6, 1e12, 1e100, 1e-100}) {
    auto y = WavySeries(96, 12);
    y[50] = outlier;
    for (const char* form : {"ZZZ", "AAdA", "MAM"}) {
      if (form[0] == 'M' && outlier > 1e20) continue;  // no relative error spans that
      ExpectFinite(FitEts(y, Asked(form, 12)), "outlier " + std::to_string(outlier) + form);
    }
  }
  std::vector<double> zeros(60, 0.0);
  zeros[10] = 5;
  ExpectFinite(FitEts(zeros, Asked("ZZZ", 7)), "one value");
}

TEST(FitEts, RefusesWhatItCannotUse) {
  std::vector<double> y(20, 1.0);
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    y[7] = bad;
    ExpectError(ErrorCode::kUnusableData, "NaN or infinity", "Position: 8.", [&] { FitEts(y); });
  }
  y[7] = 1e141;
  ExpectError(ErrorCode::kNumericRange, "too large", "Position: 8.", [&] { FitEts(y); });
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0",
              [] { FitEts(WavySeries(20, 4), Asked("ZZZ", 0)); });
  EtsOptions options;
  options.alpha = {0.5, 0.4};
  ExpectError(ErrorCode::kInvalidArgument, "range of alpha", "0.5",
              [&] { FitEts(WavySeries(20, 4), options); });
  options.alpha = {kNaN, 0.4};
  ExpectError(ErrorCode::kInvalidArgument, "range of alpha", "nan",
              [&] { FitEts(WavySeries(20, 4), options); });
}

TEST(FitEts, LongPeriods) {
  const auto y = WavySeries(900, 365, 200, 0.02, 60, 3);
  for (const char* form : {"ANA", "AAA", "AAdA", "MNM", "MAM"}) {
    const EtsModel model = FitEts(y, Asked(form, 365));
    ExpectFinite(model, form);
    EXPECT_EQ(model.state.seasonal.size(), 365U);
    EXPECT_GT(model.loglik, FitEts(y, Asked("AAdN", 365)).loglik) << form;
  }
}

TEST(FitEts, IsDeterministic) {
  const auto y = WavySeries(150, 7);
  const EtsModel first = FitEts(y, Asked("ZZZ", 7));
  const EtsModel second = FitEts(y, Asked("ZZZ", 7));
  EXPECT_EQ(first.form, second.form);
  EXPECT_EQ(first.loglik, second.loglik);
  EXPECT_EQ(first.fitted, second.fitted);
}

TEST(UpdateEts, IsTheModelOfTheWholeSeries) {
  for (const auto& fit : EtsReference()["fits"]) {
    const auto y = RecordedSeries(fit["series"]);
    const EtsModel whole = RecordedModel(fit);
    EtsModel grown = RunEts(std::span(y).first(30), whole.form, whole.period, whole.parameters, whole.initial,
                            whole.estimated);
    grown = UpdateEts(std::move(grown), std::span(y).subspan(30, 5));
    grown = UpdateEts(std::move(grown), {});
    grown = UpdateEts(std::move(grown), std::span(y).subspan(35));
    EXPECT_EQ(grown.fitted, whole.fitted) << Label(fit);
    EXPECT_EQ(grown.residuals, whole.residuals);
    EXPECT_EQ(grown.loglik, whole.loglik);
    EXPECT_EQ(grown.aicc, whole.aicc);
    EXPECT_EQ(grown.sigma2, whole.sigma2);
    EXPECT_EQ(grown.state.level, whole.state.level);
    EXPECT_EQ(grown.state.seasonal, whole.state.seasonal);
  }
}

// Nor does it matter that the values grow, or that they were all zero at first.
TEST(UpdateEts, NeedsNoHistory) {
  for (const std::string form : {"ANN", "AAdA", "MNM", "MNA"}) {
    std::vector<double> y = WavySeries(90, 7, 1e-3, 0, 1e-4, 1e-5);
    for (std::size_t i = 60; i < 90; ++i) y[i] *= form[0] == 'A' ? 1e120 : 1e9;
    if (form == "ANN") std::fill_n(y.begin(), 30, 0.0);
    EtsParameters parameters{0.2, 0, 0, 1};
    EtsState initial{1e-3, 0, std::vector<double>(form.back() == 'N' ? 0 : 7, form.back() == 'M' ? 1 : 0)};
    const EtsModel whole = RunEts(y, ParseEtsForm(form), 7, parameters, initial, 3);
    EtsModel grown = RunEts(std::span(y).first(30), whole.form, 7, parameters, initial, 3);
    for (const auto part : {std::span(y).subspan(30, 35), std::span(y).subspan(65)}) {
      grown.fitted.clear();
      grown.residuals.clear();
      grown = UpdateEts(std::move(grown), part);
    }
    EXPECT_EQ(grown.n, 90);
    EXPECT_EQ(grown.fitted, std::vector<double>(whole.fitted.begin() + 65, whole.fitted.end())) << form;
    EXPECT_EQ(grown.loglik, whole.loglik) << form;
    EXPECT_EQ(grown.bic, whole.bic) << form;
    EXPECT_EQ(grown.sigma2, whole.sigma2) << form;
    ExpectFinite(grown, form);
  }
}

TEST(UpdateEts, RefusesWhatTheModelCannotTake) {
  const EtsModel model = FitEts(RecordedSeries("AirPassengers"), Asked("MAM", 12));
  ExpectError(ErrorCode::kUnusableData, "positive", "Position: 146.", [&] {
    UpdateEts(model, std::vector<double>{400, 0});
  });
  ExpectError(ErrorCode::kUnusableData, "NaN", "Position: 145.",
              [&] { UpdateEts(model, std::vector<double>{kNaN}); });
  EtsModel gone = model;
  gone.state.level = gone.state.trend = 0;
  ExpectError(ErrorCode::kNumericRange, "zero", "MAM", [&] { UpdateEts(gone, std::vector<double>{400}); });
  EtsModel broken = model;
  broken.state.seasonal.pop_back();
  ExpectError(ErrorCode::kInvalidArgument, "period's length", "11",
              [&] { UpdateEts(broken, std::vector<double>{400}); });
  broken.form = EtsForm{};
  ExpectError(ErrorCode::kInvalidArgument, "not complete", "ZZZ",
              [&] { UpdateEts(broken, std::vector<double>{400}); });
}

TEST(EtsCaution, NoUndampedTrendWithALongSeason) {
  const std::vector<double> y = WavySeries(240, 24, 100, 1.5, 10, 1);
  EtsOptions options;
  options.period = 24;
  const EtsForm chosen = FitEts(y, options).form;
  EXPECT_TRUE(chosen.damped || chosen.trend == EtsPart::kNone) << Name(chosen);
  options.damped = false;
  EXPECT_EQ(FitEts(y, options).form.trend, EtsPart::kAdditive);
  EXPECT_FALSE(FitEts(y, options).form.damped);
}

// A short series that speeds up once: the most likely trend turns with each observation, a cautious one does
// not. Stated forms are always the most likely.
TEST(EtsCaution, HoldsTrendsBackInAnAutomaticChoice) {
  const std::vector<double> y = {32096,  33361,  36357,  60625,  89504,  117725, 155543, 174670,
                                 185349, 210068, 239049, 262099, 281463, 329266, 398300};
  EtsOptions automatic;
  automatic.form = ParseEtsForm("AAZ");
  automatic.trend_caution = 0;
  const EtsModel likely = FitEts(y, automatic);
  EXPECT_GT(likely.parameters.beta, 0.9);
  automatic.trend_caution = 20;
  const EtsModel cautious = FitEts(y, automatic);
  EXPECT_LT(cautious.parameters.beta, 0.1);
  EXPECT_LT(cautious.loglik, likely.loglik);
  EtsOptions stated;
  stated.form = ParseEtsForm("AAN");
  const double loglik = FitEts(y, stated).loglik;
  EXPECT_NEAR(loglik, likely.loglik, 1e-4);
  stated.trend_caution = 20;
  EXPECT_EQ(FitEts(y, stated).loglik, loglik);
  automatic.alpha = {0.0, 0.0};
  automatic.beta = {0.0, 0.5};
  EXPECT_TRUE(std::isfinite(FitEts(y, automatic).loglik));
  automatic.trend_caution = -1;
  EXPECT_THROW(FitEts(y, automatic), Error);
}

}  // namespace
}  // namespace ecomm::core
