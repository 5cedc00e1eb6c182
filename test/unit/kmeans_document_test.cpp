#include <gtest/gtest.h>

#include <bit>
#include <functional>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/kmeans_model.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "kmeans_model_example.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void ExpectSameBits(const Matrix& a, const Matrix& b) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a.data()[i]), std::bit_cast<std::uint64_t>(b.data()[i]));
  }
}

KMeansModel ThroughText(const KMeansModel& model) {
  return KMeansModelFromJson(ParseJson(DumpJson(ToJson(model))));
}

void ExpectSame(const KMeansModel& a, const KMeansModel& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.features, b.features);
  EXPECT_EQ(a.transforms, b.transforms);
  ExpectSameBits(a.centroids, b.centroids);
  ExpectSameBits(a.centers, b.centers);
  ExpectSameBits(a.means, b.means);
  EXPECT_EQ(a.names, b.names);
  EXPECT_EQ(a.sizes, b.sizes);
  EXPECT_EQ(DumpJson(ToJson(a)), DumpJson(ToJson(b)));
}

// Error code, message and detail in one line.
std::string Complaint(const Json& document) {
  try {
    KMeansModelFromJson(document);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return std::string(error.what()) + ": " + error.detail();
  }
  return "nothing thrown";
}

TEST(KMeansDocument, RoundTrips) {
  const auto model = ExampleModel();
  const auto back = ThroughText(model);
  ExpectSame(back, model);
  ASSERT_TRUE(back.parameters && back.training);
  EXPECT_EQ(back.parameters->seed, 42);
  EXPECT_EQ(back.parameters->transform, Transform::kBoxCox);
  EXPECT_EQ(back.training->left_out, model.training->left_out);
  EXPECT_EQ(back.metrics.silhouette_sample, 3084);
}

TEST(KMeansDocument, RoundTripsWhatIsHardToWrite) {
  auto model = ExampleModel();
  model.name = "klienci – zima";
  model.names = {"Złoto ⭐", "\"quoted\" \\ {}", "пропадающие"};
  model.features[0] = "Дней с покупки";
  model.centroids << 5e-324, -0.0, 1.7976931348623157e308, 0.1, 1.0 / 3, -1e-300, 0x1p53, 1e22,
      123456789012345678.0;
  model.centers << kNaN, kInfinity, -kInfinity, -0.0, 0, 1, 2, 3, 4;
  model.means.setConstant(kNaN);
  model.transforms[0] = {Transform::kYeoJohnson, -1e-300, -0.0, 5e-324};
  model.metrics = {};
  model.metrics.davies_bouldin = kInfinity;
  model.parameters->seed = std::numeric_limits<std::int64_t>::min();
  ExpectSame(ThroughText(model), model);
}

TEST(KMeansDocument, AnUndefinedMetricIsNull) {
  const auto json = MetricsToJson({.inertia = 1.5});
  EXPECT_EQ(
      DumpJson(json),
      R"({"calinski_harabasz":null,"davies_bouldin":null,"inertia":1.5,"silhouette":null,"silhouette_sample":0})");
}

TEST(KMeansDocument, TheLeastDocumentIsEnough) {
  const auto model = KMeansModelFromJson(ParseJson(R"({
    "format_version": 1, "kind": "kmeans",
    "features": [{"name": "x", "transform": "log", "lambda": 0, "mean": 1, "scale": 2}],
    "clusters": [{"name": "high", "centroid": [1]}, {"name": "low", "centroid": [-1]}]})"));
  EXPECT_DOUBLE_EQ(model.centers(0, 0), std::exp(3.0));
  EXPECT_EQ(model.sizes, (std::vector<std::int64_t>{0, 0}));
  EXPECT_FALSE(model.parameters);
  EXPECT_FALSE(model.training);
  EXPECT_EQ(model.means.size(), 0);
  EXPECT_TRUE(std::isnan(model.metrics.inertia));
  ExpectSame(ThroughText(model), model);
}

struct Damage {
  const char* what;
  std::function<void(Json&)> apply;
  const char* complaint;
};

TEST(KMeansDocument, EveryDamageIsNamed) {
  const std::vector<Damage> damages = {
      {"no version", [](Json& d) { d.erase("format_version"); }, "format_version"},
      {"later version", [](Json& d) { d["format_version"] = 2; }, "Found 2, known is 1"},
      {"version 0", [](Json& d) { d["format_version"] = 0; }, "$.format_version"},
      {"version as text", [](Json& d) { d["format_version"] = "1"; }, "$.format_version"},
      {"other kind", [](Json& d) { d["kind"] = "arima"; }, "$.kind: Expected \"kmeans\", found \"arima\""},
      {"unknown member", [](Json& d) { d["cluster"] = 1; }, "Member \"cluster\" is unknown"},
      {"name not text", [](Json& d) { d["name"] = 7; }, "$.name: Expected text"},
      {"no features", [](Json& d) { d["features"] = Json::array(); },
       "$.features: Expected an array of 1 to 1000"},
      {"features as object", [](Json& d) { d["features"] = Json::object(); }, "$.features"},
      {"too many features", [](Json& d) { d["features"] = Json(std::vector<int>(1001)); }, "$.features"},
      {"feature without a name", [](Json& d) { d["features"][1].erase("name"); }, "$.features[1]"},
      {"duplicate feature", [](Json& d) { d["features"][1]["name"] = "recency"; }, "$.features[1].name"},
      {"unknown transform", [](Json& d) { d["features"][0]["transform"] = "sqrt"; },
       "$.features[0].transform"},
      {"transform not text", [](Json& d) { d["features"][0]["transform"] = 3; }, "$.features[0].transform"},
      {"lambda not finite", [](Json& d) { d["features"][0]["lambda"] = "NaN"; }, "$.features[0].lambda"},
      {"mean infinite", [](Json& d) { d["features"][0]["mean"] = "Infinity"; }, "$.features[0].mean"},
      {"scale 0", [](Json& d) { d["features"][2]["scale"] = 0; },
       "$.features[2].scale: Expected a number above 0"},
      {"scale negative", [](Json& d) { d["features"][2]["scale"] = -1.5; }, "$.features[2].scale"},
      {"scale -0", [](Json& d) { d["features"][2]["scale"] = "-0"; }, "$.features[2].scale"},
      {"no clusters", [](Json& d) { d["clusters"] = Json::array(); },
       "$.clusters: Expected an array of 1 to 10000"},
      {"too many clusters", [](Json& d) { d["clusters"] = Json(std::vector<int>(10001)); }, "$.clusters"},
      {"cluster not an object", [](Json& d) { d["clusters"][0] = 1; }, "$.clusters[0]: Expected an object"},
      {"duplicate cluster", [](Json& d) { d["clusters"][2]["name"] = "At-Risk"; }, "$.clusters[2].name"},
      {"empty name", [](Json& d) { d["clusters"][2]["name"] = ""; }, "$.clusters[2].name"},
      {"zero byte", [](Json& d) { d["clusters"][2]["name"] = std::string("a\0b", 3); }, "$.clusters[2].name"},
      {"long name", [](Json& d) { d["clusters"][2]["name"] = std::string(201, 'x'); }, "$.clusters[2].name"},
      {"negative size", [](Json& d) { d["clusters"][1]["size"] = -1; }, "$.clusters[1].size"},
      {"absurd size", [](Json& d) { d["clusters"][1]["size"] = 1e18; }, "$.clusters[1].size"},
      {"short centroid", [](Json& d) { d["clusters"][1]["centroid"].erase(0); },
       "$.clusters[1].centroid: Expected an array of 3 numbers, found an array of 2"},
      {"long centroid", [](Json& d) { d["clusters"][1]["centroid"].push_back(0); }, "$.clusters[1].centroid"},
      {"NaN centroid", [](Json& d) { d["clusters"][1]["centroid"][2] = "NaN"; },
       "$.clusters[1].centroid[2]: Expected a finite number"},
      {"null in a centroid", [](Json& d) { d["clusters"][1]["centroid"][2] = nullptr; },
       "$.clusters[1].centroid[2]"},
      {"short center", [](Json& d) { d["clusters"][1]["center"].erase(0); }, "$.clusters[1].center"},
      {"one mean missing", [](Json& d) { d["clusters"][1].erase("mean"); },
       "\"mean\" in every cluster or in none"},
      {"wrong k", [](Json& d) { d["parameters"]["k"] = 4; },
       "$.parameters.k: Expected the number of clusters, 3"},
      {"negative tol", [](Json& d) { d["parameters"]["tol"] = -1; }, "$.parameters.tol"},
      {"n_init 0", [](Json& d) { d["parameters"]["n_init"] = 0; }, "$.parameters.n_init"},
      {"huge max_iter", [](Json& d) { d["parameters"]["max_iter"] = 3000000000; }, "$.parameters.max_iter"},
      {"seed a fraction", [](Json& d) { d["parameters"]["seed"] = 0.5; }, "$.parameters.seed"},
      {"used beyond rows", [](Json& d) { d["training"]["used"] = 3101; }, "$.training.used"},
      {"left out beyond rows", [](Json& d) { d["training"]["left_out"]["x"] = 1; }, "$.training.left_out.x"},
      {"left out negative", [](Json& d) { d["training"]["left_out"]["not positive"] = -1; },
       "$.training.left_out.\"not positive\": Expected a whole number"},
      {"left out without a reason", [](Json& d) { d["training"]["left_out"][""] = 0; },
       "$.training.left_out"},
      {"rows unaccounted for", [](Json& d) { d["training"]["rows"] = 3101; },
       "$.training: Expected \"rows\""},
      {"sizes do not add up", [](Json& d) { d["clusters"][0]["size"] = 965; },
       "$.training.used: Expected the sum of the cluster sizes, 3085"},
      {"metric not a number", [](Json& d) { d["metrics"]["inertia"] = "much"; }, "$.metrics.inertia"},
      {"unknown metric", [](Json& d) { d["metrics"]["accuracy"] = 1; }, "\"accuracy\" is unknown"},
  };
  for (const auto& damage : damages) {
    Json document = ToJson(ExampleModel());
    damage.apply(document);
    EXPECT_NE(Complaint(document).find(damage.complaint), std::string::npos)
        << damage.what << ": " << Complaint(document);
  }
  for (const char* other : {"null", "1", "[]", "\"kmeans\"", "{}"}) {
    EXPECT_NE(Complaint(ParseJson(other)).find("at $"), std::string::npos) << other;
  }
}

// --- damage at random --------------------------------------------------------------------------------------

Json RandomValue(Random& random) {
  switch (random.Below(12)) {
    case 0:
      return nullptr;
    case 1:
      return true;
    case 2:
      return Json::array();
    case 3:
      return Json::object();
    case 4:
      return std::bit_cast<std::int64_t>(random.Bits());
    case 5:
      return random.Bits();
    case 6:
      return std::ldexp(random.Uniform() - 0.5, static_cast<int>(random.Below(2000)) - 1000);
    case 7:
      return static_cast<int>(random.Below(5)) - 1;
    case 8:
      return random.Below(2) ? "NaN" : "Infinity";
    case 9:
      return std::string(random.Below(300), static_cast<char>('a' + random.Below(26)));
    case 10:
      return Json::array({1, Json::array({Json::object()})});
    default:
      return "recency";
  }
}

// Replaces, removes, doubles or adds something at a random place.
void Mutate(Json& node, Random& random) {
  if (node.is_structured() && !node.empty() && random.Below(6) != 0) {
    auto child = node.begin();
    std::advance(child, static_cast<std::ptrdiff_t>(random.Below(node.size())));
    if (random.Below(10) == 0) {
      node.erase(child);
    } else if (random.Below(12) == 0 && node.is_array()) {
      node.push_back(Json(*child));
    } else if (random.Below(30) == 0 && node.is_object()) {
      node["extra"] = Json(*child);
    } else {
      Mutate(*child, random);
    }
    return;
  }
  node = RandomValue(random);
}

// Whatever is accepted must also be usable.
bool Survives(const std::function<KMeansModel()>& read) {
  try {
    const auto model = read();
    const std::vector<double> row(model.FeatureCount(), 1.5);
    Predict(model, row);
    ExpectSame(ThroughText(model), model);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(KMeansDocument, RandomDamageEndsInAnErrorOrAModel) {
  const Json original = ToJson(ExampleModel());
  Random random(7);
  int accepted = 0;
  constexpr int kRounds = 20000;
  for (int i = 0; i < kRounds; ++i) {
    Json document = original;
    for (auto n = random.Below(3) + 1; n > 0; --n) Mutate(document, random);
    accepted += Survives([&] { return KMeansModelFromJson(document); });
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, kRounds / 2);
}

// Short elements ask for far more room than they take themselves.
TEST(KMeansDocument, AsksForMemoryBeforeItReadsTheClusters) {
  Json document = ToJson(ExampleModel());
  document.erase("parameters");
  document.erase("training");
  const Json feature = document["features"][0];
  for (int j = 3; j < 1000; ++j) {
    document["features"].push_back(feature);
    document["features"].back()["name"] = "feature " + std::to_string(j);
  }
  document["clusters"] = Json(std::vector<Json>(5000, Json::object()));
  CurrentHost().memory_limit = [] { return std::size_t{10'000'000}; };
  const Error error = Thrown([&] { KMeansModelFromJson(document); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

TEST(KMeansDocument, RandomBytesEndInAnErrorOrAModel) {
  const std::string original = DumpJson(ToJson(ExampleModel()));
  const std::string tokens = "{}[]\",:0123456789eE+-.tfn\\u\xff\x80 ";
  Random random(8);
  int accepted = 0;
  constexpr int kRounds = 20000;
  for (int i = 0; i < kRounds; ++i) {
    std::string text = original;
    for (auto n = random.Below(3) + 1; n > 0; --n) {
      const auto at = random.Below(text.size());
      switch (random.Below(4)) {
        case 0:
          text.erase(at, random.Below(20) + 1);
          break;
        case 1:
          text.insert(at, text.substr(random.Below(text.size()), random.Below(40)));
          break;
        default:
          text[at] = tokens[random.Below(tokens.size())];
      }
      if (text.empty()) text = " ";
    }
    accepted += Survives([&] { return KMeansModelFromJson(ParseJson(text)); });
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace ecomm::core
