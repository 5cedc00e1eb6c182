// Kept forecasting models to documents and back, and what is done with documents that are not ours.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/random.hpp"
#include "forecast_model_example.hpp"

namespace ecomm::core {
namespace {

ForecastModel ThroughText(const ForecastModel& model) {
  return ForecastModelFromJson(ParseJson(DumpJson(ToJson(model))));
}

TEST(ForecastDocument, ForecastsTheSame) {
  for (const auto& [name, y, later, model] : KeptExamples()) {
    const ForecastModel back = ThroughText(model);
    ExpectSameForecast(PredictFrom(back, {.horizon = 50}), PredictFrom(model, {.horizon = 50}), name);
    EXPECT_EQ(Observations(back), Observations(model));
    EXPECT_EQ(DumpJson(ToJson(back)), DumpJson(ToJson(model))) << name;
    EXPECT_TRUE(FittedOf(back).empty()) << name;
  }
}

TEST(ForecastDocument, ContinuesTheSame) {
  for (const auto& [name, y, later, model] : KeptExamples()) {
    const ForecastModel whole = Update(model, later);
    const ForecastModel back = Update(ThroughText(model), later);
    ExpectSameForecast(PredictFrom(back), PredictFrom(whole), name);
    EXPECT_EQ(DumpJson(ToJson(back)), DumpJson(ToJson(whole))) << name;
    ASSERT_EQ(FittedOf(back).size(), later.size()) << name;
    for (std::size_t i = 0; i < later.size(); ++i) {
      ExpectClose(FittedOf(back)[i], FittedOf(whole)[y.size() + i], name, 1e-12);
      ExpectClose(ResidualsOf(back)[i], ResidualsOf(whole)[y.size() + i], name, 1e-9);
    }
  }
}

// Of a size that does not grow with the series.
TEST(ForecastDocument, LeavesTheHistoryOut) {
  const std::vector<double> y = Autoregression(5000, 0.5);
  EtsOptions ets;
  ets.form = ParseEtsForm("AAN");
  EXPECT_LT(DumpJson(ToJson({FitEts(y, ets)})).size(), 2000U);
  EXPECT_LT(DumpJson(ToJson({FitTheta(y)})).size(), 2000U);
  EXPECT_LT(DumpJson(ToJson({FitBenchmark(y, Benchmark::kDrift)})).size(), 2000U);
}

// Error code, message and detail in one line; nothing else may be thrown.
std::string Complaint(const Json& document) {
  try {
    const ForecastModel model = ForecastModelFromJson(document);
    Describe(model);
  } catch (const Error& error) {
    return std::string(error.what()) + ": " + error.detail();
  }
  return "nothing thrown";
}

TEST(ForecastDocument, NamesWhatIsWrong) {
  const Json good = ToJson(KeptExamples()[0].model);
  const auto with = [&](auto change) {
    Json document = good;
    change(document);
    return Complaint(document);
  };
  EXPECT_EQ(with([](Json&) {}), "nothing thrown");
  EXPECT_NE(with([](Json& d) { d["format_version"] = 7; }).find("Found 7, known is 1"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["kind"] = "kmeans"; }).find("$.kind"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["more"] = 1; }).find("\"more\" is unknown"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["model"]["type"] = "oracle"; }).find("$.model.type"), std::string::npos);
  EXPECT_NE(
      with([](Json& d) { d["model"]["method"] = "oracle"; }).find("$.model.method: Expected a known method"),
      std::string::npos);
  EXPECT_NE(with([](Json& d) { d["model"]["n"] = 0; }).find("$.model.n"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["model"]["n"] = 1e15; }).find("$.model.n"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["model"]["sum"] = "NaN"; }).find("$.model.sum"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["model"]["squares"] = -1; }).find("$.model.squares"), std::string::npos);
  EXPECT_NE(with([](Json& d) { d["model"]["last"] = Json::array(); }).find("$.model.last"),
            std::string::npos);
}

// Members in every depth; of an array, the first two elements.
std::vector<std::string> Pointers(const Json& document) {
  std::vector<std::string> pointers;
  const Json flat = document.flatten();
  for (const auto& item : flat.items()) {
    const std::string last = item.key().substr(item.key().rfind('/') + 1);
    if (std::isdigit(static_cast<unsigned char>(last[0])) != 0 && last != "0" && last != "1") continue;
    for (std::string at = item.key(); !at.empty(); at.resize(at.rfind('/'))) {
      if (std::find(pointers.begin(), pointers.end(), at) == pointers.end()) pointers.push_back(at);
    }
  }
  return pointers;
}

// Simulated intervals of an absurd model need not hold its mean.
void ExpectFinite(const Forecast& forecast, const std::string& what) {
  ASSERT_EQ(forecast.mean.size(), 3U);
  ASSERT_EQ(forecast.lower.size(), 2U);
  for (const auto* values :
       {&forecast.mean, &forecast.lower[0], &forecast.lower[1], &forecast.upper[0], &forecast.upper[1]}) {
    for (const double value : *values) ASSERT_TRUE(std::isfinite(value)) << what;
  }
  ASSERT_TRUE(std::isfinite(forecast.sigma2)) << what;
}

// Whatever is put anywhere, the document is refused, or read as a model that forecasts, continues or says why
// not.
void Endure(const Json& document, const std::string& what) {
  try {
    const ForecastModel model = ForecastModelFromJson(document);
    const ForecastOptions options = {.horizon = 3};
    ExpectFinite(PredictFrom(model, options), what);
    ExpectFinite(PredictFrom(Update(model, std::vector<double>{300, 310, 290, 400}), options), what);
  } catch (const Error&) {
  }
}

TEST(ForecastDocument, EnduresAnyMember) {
  const Json deep = [] {
    Json inner = 1;
    for (int i = 0; i < 30; ++i) inner = Json{{"type", "seasonal"}, {"cycles", {{1, 2}}}, {"nested", inner}};
    return inner;
  }();
  const std::vector<Json> changes = {nullptr,
                                     true,
                                     0,
                                     -1,
                                     1,
                                     2,
                                     0.5,
                                     1e300,
                                     -1e300,
                                     5e-324,
                                     1.0e18,
                                     9e15,
                                     "NaN",
                                     "-0",
                                     "",
                                     "Infinity",
                                     "ANN",
                                     "MAM",
                                     Json::array(),
                                     Json::object(),
                                     deep,
                                     Json(std::vector<double>(3, 1.5)),
                                     Json(std::vector<double>(1000, 0.0)),
                                     std::numeric_limits<std::uint64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()};
  std::vector<std::string> seen;
  for (const auto& example : KeptExamples()) {
    const Json good = ToJson(example.model);
    for (const std::string& at : Pointers(good)) {
      const Json::json_pointer pointer(at);
      Json without = good;
      without.at(pointer.parent_pointer()).is_array()
          ? without.at(pointer.parent_pointer()).erase(std::stoul(pointer.back()))
          : static_cast<void>(without.at(pointer.parent_pointer()).erase(pointer.back()));
      const bool optional = without.at(pointer.parent_pointer()).is_array();
      if (!optional) {
        EXPECT_NE(Complaint(without), "nothing thrown") << example.name << " without " << at;
      }
      Endure(without, example.name + " without " + at);
      for (const Json& change : changes) {
        Json changed = good;
        changed[pointer] = change;
        Endure(changed, example.name + " " + at + " = " + DumpJson(change).substr(0, 40));
      }
      Json more = good;
      if (more[pointer].is_object()) {
        more[pointer]["unknown"] = 1;
        EXPECT_NE(Complaint(more), "nothing thrown") << at;
      }
    }
  }
}

// Several members at once.
TEST(ForecastDocument, EnduresManyChanges) {
  Random random(7);
  const std::vector<Json> values = {0, -1, 1, 0.999, 1e150, -1e150, 1e-300, 3, 12, "none", "multiplicative"};
  for (const auto& example : KeptExamples()) {
    const Json good = ToJson(example.model);
    const auto pointers = Pointers(good);
    for (int round = 0; round < 200; ++round) {
      Json changed = good;
      for (int i = 0; i < 3; ++i) {
        const Json::json_pointer pointer(pointers[random.Below(pointers.size())]);
        if (changed.contains(pointer) && !changed[pointer].is_structured()) {
          changed[pointer] = values[random.Below(values.size())];
        }
      }
      Endure(changed, example.name + " " + DumpJson(changed).substr(0, 200));
    }
  }
}

TEST(ForecastDocument, NestingEnds) {
  Json inner = ToJson(KeptExamples()[1].model)["model"];
  for (int i = 0; i < 4; ++i) inner = Json{{"type", "seasonal"}, {"cycles", {{1, 2}}}, {"nested", inner}};
  Json document = {{"format_version", 1}, {"kind", "forecast"}, {"model", inner}};
  EXPECT_EQ(Complaint(document), "nothing thrown");
  document["model"] = Json{{"type", "seasonal"}, {"cycles", {{1, 2}}}, {"nested", inner}};
  EXPECT_NE(Complaint(document).find("without further models"), std::string::npos);
}

}  // namespace
}  // namespace ecomm::core
