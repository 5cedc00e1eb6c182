#include "ecomm_analytics/core/sample_shop.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr std::uint64_t kStream = 0x73616c65;
constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kReturnWithin = 28;  // days
constexpr int kMinutesPerDay = 1440;

// Sunday is closed; the rest averages to 1 over the week.
constexpr std::array<double, 7> kWeek = {0.0, 1.05, 1.0, 1.05, 1.1, 1.35, 1.45};
// Share of the day's orders by the hour, from 8 to 19.
constexpr std::array<double, 12> kHours = {2, 5, 8, 10, 12, 10, 8, 8, 9, 8, 5, 2};
constexpr int kOpensAt = 8;
constexpr double kGrowthPerYear = 0.25;

// A value at `position` of a summed table.
template <typename Table>
std::size_t Pick(const Table& summed, double position) {
  const auto found = std::upper_bound(summed.begin(), summed.end(), position);
  return std::min(static_cast<std::size_t>(found - summed.begin()), summed.size() - 1);
}

// What the days are like, and what things cost on them.
class Calendar {
 public:
  Calendar(const SampleShopOptions& options, Random& random) {
    season_.reserve(static_cast<std::size_t>(options.days) + 1);
    double season = 0;
    double arrivals = 0;
    std::vector<double> price(SampleProducts().size(), 1.0);
    for (std::int64_t day = 0; day < options.days; ++day) {
      season_.push_back(season);
      arrivals_.push_back(arrivals);
      const double weight = Weight(options.first_day + day, random);
      season += weight;
      arrivals += weight * std::pow(1.0 + kGrowthPerYear, static_cast<double>(day) / 365.25);
      if (day == 0 || MonthOf(options.first_day + day) != MonthOf(options.first_day + day - 1)) {
        AddPriceList(price, random);
      }
      price_list_.push_back(static_cast<std::uint32_t>(prices_.size() / price.size()) - 1);
      month_.push_back(static_cast<std::uint8_t>(MonthOf(options.first_day + day)));
    }
    season_.push_back(season);
    arrivals_.push_back(arrivals);
  }

  bool IsOpen(std::size_t day) const { return season_[day + 1] > season_[day]; }
  bool NeverOpen() const { return season_.back() <= 0; }
  // Average days of sale that have passed, at a random moment of a day.
  double Moment(std::size_t day, double share) const {
    return season_[day] + share * (season_[day + 1] - season_[day]);
  }
  // The day of that moment; the number of days if it comes later.
  std::size_t DayAt(double moment) const { return Pick(season_, moment) - 1 + (moment >= season_.back()); }
  // The day on which a newcomer comes first, where `share` is uniform on [0, 1).
  std::size_t Arrival(double share) const { return Pick(arrivals_, share * arrivals_.back()) - 1; }
  int Month(std::size_t day) const { return month_[day]; }
  std::int64_t Price(std::size_t day, std::size_t product) const {
    return prices_[price_list_[day] * SampleProducts().size() + product];
  }

 private:
  static std::chrono::year_month_day DateOf(std::int64_t day) {
    return std::chrono::sys_days{std::chrono::days{day}};
  }
  static int MonthOf(std::int64_t day) {
    return static_cast<int>(static_cast<unsigned>(DateOf(day).month())) - 1;
  }

  // Spring is the season, late autumn a small one; the day after Thanksgiving is a feast, some days fail.
  static double Weight(std::int64_t day, Random& random) {
    using std::chrono::sys_days, std::chrono::days, std::chrono::weekday;
    const sys_days date{days{day}};
    const auto year_start = sys_days{DateOf(day).year() / 1 / 1};
    const double angle = 2.0 * std::numbers::pi * static_cast<double>((date - year_start).count()) / 365.25;
    double weight = kWeek[weekday(date).c_encoding()];
    weight *= 1.0 + 0.30 * std::cos(angle - 2.2) + 0.18 * std::cos(2.0 * (angle - 2.4));
    const auto thanksgiving = sys_days{DateOf(day).year() / 11 / std::chrono::Thursday[4]};
    if (date == thanksgiving + days{1}) weight *= 2.8;
    if (random.Uniform() < 1.0 / 200.0) weight *= 0.3;
    return weight;
  }

  // Prices move at the turn of a month, one product in eight at a time, and mostly upwards.
  void AddPriceList(std::vector<double>& factors, Random& random) {
    for (std::size_t product = 0; product < factors.size(); ++product) {
      const double change = 0.12 * random.Uniform() - 0.03;
      if (random.Uniform() < 1.0 / 8.0) factors[product] *= 1.0 + change;
      const double price = SampleProducts()[product].price * factors[product];
      prices_.push_back(static_cast<std::int32_t>(std::max(10.0, std::round(price / 10.0) * 10.0)) - 1);
    }
  }

  std::vector<double> season_;             // summed weight of all days before
  std::vector<double> arrivals_;           // the same with growth
  std::vector<std::uint8_t> month_;        // 0 is January
  std::vector<std::uint32_t> price_list_;  // the row of prices_ that holds on the day
  std::vector<std::int32_t> prices_;       // cents, price lists x products
};

// What is bought in a month: summed popularity, over all products and within each category.
class Demand {
 public:
  Demand() {
    const auto products = SampleProducts();
    for (int month = 0; month < 12; ++month) {
      double sum = 0;
      for (const SampleProduct& product : products) {
        const double wave =
            0.5 + 0.5 * std::cos(2.0 * std::numbers::pi * (month - product.peak_month) / 12.0);
        sum += product.popularity * (1.0 - product.seasonality + 2.0 * product.seasonality * wave * wave);
        popularity_[static_cast<std::size_t>(month)].push_back(sum);
      }
    }
    for (std::size_t i = 0; i < products.size(); ++i) {
      // The first digit of the stock code is the shelf, whatever the category is called.
      if (i == 0 || products[i].stock_code[0] != products[i - 1].stock_code[0]) begins_.push_back(i);
    }
    begins_.push_back(products.size());
  }

  std::size_t categories() const { return begins_.size() - 1; }

  std::size_t Any(int month, double share) const { return Between(month, 0, begins_.back(), share); }
  std::size_t Of(std::size_t category, int month, double share) const {
    return Between(month, begins_[category], begins_[category + 1], share);
  }

 private:
  std::size_t Between(int month, std::size_t begin, std::size_t end, double share) const {
    const auto& summed = popularity_[static_cast<std::size_t>(month)];
    const double low = begin == 0 ? 0.0 : summed[begin - 1];
    return std::clamp(Pick(summed, low + share * (summed[end - 1] - low)), begin, end - 1);
  }

  std::array<std::vector<double>, 12> popularity_;
  std::vector<std::size_t> begins_;
};

}  // namespace

class SampleSales::Shop {
 public:
  explicit Shop(const SampleShopOptions& options)
      : options_(options),
        random_(static_cast<std::uint64_t>(options.seed) ^ kStream),
        calendar_(options, random_),
        first_visitor_(static_cast<std::size_t>(options.days), kNobody),
        returns_(kReturnWithin + 2) {
    double sum = 0;
    for (std::size_t i = 0; i < kHours.size(); ++i) hours_[i] = sum += kHours[i];
    RequireMemory(static_cast<std::size_t>(options.customers) * sizeof(Buyer), "sample customers");
    if (calendar_.NeverOpen()) return;
    buyers_.reserve(static_cast<std::size_t>(options.customers));
    for (std::int64_t i = 0; i < options.customers; ++i) {
      if (i % 10'000 == 0) Poll();
      AddBuyer();
    }
  }

  // The lines of the next day, in order of time; false after the last day.
  bool NextDay(std::vector<SampleLine>& lines) {
    if (day_ == first_visitor_.size()) return false;
    events_.clear();
    for (std::uint32_t buyer = first_visitor_[day_]; buyer != kNobody;) {
      events_.push_back({DrawMinute(), buyer, nullptr});
      const std::uint32_t next = buyers_[buyer].next;
      PlanNextVisit(buyer);
      buyer = next;
    }
    auto& returned = returns_[day_ % returns_.size()];
    for (const Return& line : returned) events_.push_back({DrawMinute(), line.buyer, &line});
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.minute < b.minute; });
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (i % 1'000 == 0) Poll();
      if (events_[i].returned != nullptr) {
        TakeBack(events_[i], lines);
      } else {
        Sell(events_[i], lines);
      }
    }
    returned.clear();
    ++day_;
    return true;
  }

 private:
  enum class Kind : std::uint8_t { kOneTime, kRegular, kHeavy, kWholesale };

  struct Buyer {
    float gap;           // mean time between visits, in average days of sale
    std::uint32_t next;  // who visits on the same day
    Kind kind;
    std::uint8_t favourite;  // category
  };

  struct Return {
    std::uint32_t buyer;
    bool known;
    std::size_t product;
    std::int64_t quantity;
    std::int64_t unit_price;
  };

  struct Event {
    int minute;
    std::uint32_t buyer;
    const Return* returned;  // null for an order
  };

  double Exponential(double mean) { return -mean * std::log(1.0 - random_.Uniform()); }

  // 1, and with that chance one more, and again, up to `most`
  std::int64_t Several(double chance_of_more, std::int64_t most) {
    std::int64_t count = 1;
    while (count < most && random_.Uniform() < chance_of_more) ++count;
    return count;
  }

  void AddBuyer() {
    Buyer buyer{};
    const double kind = random_.Uniform();
    const double size = random_.Uniform();
    if (kind < 0.38) {
      buyer.kind = Kind::kOneTime;
    } else if (kind < 0.86) {
      buyer.kind = Kind::kRegular;
      buyer.gap = static_cast<float>(75.0 * std::exp(0.6 * random_.Normal()));
    } else {
      // The rate of visits is Pareto distributed: few come very often.
      buyer.kind = kind < 0.97 ? Kind::kHeavy : Kind::kWholesale;
      buyer.gap = static_cast<float>(std::max(1.5, 32.0 * std::pow(1.0 - size, 1.0 / 1.8)));
    }
    buyer.favourite = static_cast<std::uint8_t>(random_.Below(demand_.categories()));
    buyers_.push_back(buyer);
    const auto number = static_cast<std::uint32_t>(buyers_.size() - 1);
    // Nearly half of those who come again did so before the first day.
    if (buyer.kind != Kind::kOneTime && random_.Uniform() < 0.45) {
      Visit(number, calendar_.DayAt(Exponential(buyer.gap)));
    } else {
      Visit(number, calendar_.Arrival(random_.Uniform()));
    }
  }

  // On that day, or the next open one.
  void Visit(std::uint32_t buyer, std::size_t day) {
    day = OpenDay(day);
    if (day == first_visitor_.size()) return;
    buyers_[buyer].next = first_visitor_[day];
    first_visitor_[day] = buyer;
  }

  // The first open day from there on; the number of days if there is none.
  std::size_t OpenDay(std::size_t day) const {
    while (day < first_visitor_.size() && !calendar_.IsOpen(day)) ++day;
    return std::min(day, first_visitor_.size());
  }

  void PlanNextVisit(std::uint32_t number) {
    const Buyer& buyer = buyers_[number];
    if (buyer.kind == Kind::kOneTime) return;
    if (random_.Uniform() < (buyer.kind == Kind::kRegular ? 0.07 : 0.015)) return;
    const double now = calendar_.Moment(day_, random_.Uniform());
    Visit(number, std::max(day_ + 1, calendar_.DayAt(now + Exponential(buyer.gap))));
  }

  int DrawMinute() {
    const auto hour = static_cast<int>(Pick(hours_, random_.Uniform() * hours_.back()));
    return (kOpensAt + hour) * 60 + static_cast<int>(random_.Below(60));
  }

  std::size_t DrawProduct(const Buyer& buyer) {
    const int month = calendar_.Month(day_);
    const bool favourite = random_.Uniform() < 0.45;
    const double share = random_.Uniform();
    return favourite ? demand_.Of(buyer.favourite, month, share) : demand_.Any(month, share);
  }

  std::int64_t DrawQuantity(const Buyer& buyer, const SampleProduct& product) {
    const double bulk = product.price < 1000 ? 0.55 : product.price < 5000 ? 0.33 : 0.07;
    if (buyer.kind == Kind::kWholesale) return 6 * Several(bulk, 16);
    return Several(bulk, 24);
  }

  std::int64_t Minute(int minute) const {
    return (options_.first_day + static_cast<std::int64_t>(day_)) * kMinutesPerDay + minute;
  }

  static std::int64_t CustomerId(std::uint32_t buyer) { return kFirstSampleCustomer + buyer; }

  void Sell(const Event& event, std::vector<SampleLine>& lines) {
    const Buyer& buyer = buyers_[event.buyer];
    const bool known = random_.Uniform() >= 0.12;
    std::optional<std::int64_t> invoice = ++invoice_;
    if (random_.Uniform() < 0.02) invoice.reset();
    SampleLine line{.minute = Minute(event.minute),
                    .customer_id = {},
                    .product = nullptr,
                    .invoice_no = invoice,
                    .quantity = 1,
                    .unit_price = 0};
    if (known) line.customer_id = CustomerId(event.buyer);

    const bool often = buyer.kind == Kind::kHeavy || buyer.kind == Kind::kWholesale;
    const std::int64_t count = Several(often ? 0.75 : 0.6, 40);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::size_t product = DrawProduct(buyer);
      line.product = &SampleProducts()[product];
      line.quantity = DrawQuantity(buyer, *line.product);
      line.unit_price = calendar_.Price(day_, product);
      if (line.quantity >= 12) line.unit_price = (line.unit_price * 9 + 5) / 10;
      lines.push_back(line);
      if (random_.Uniform() < 0.025)
        PlanReturn({event.buyer, known, product, line.quantity, line.unit_price});
    }
    if (random_.Uniform() < 0.005) {
      line.product = &SampleProducts()[DrawProduct(buyer)];
      line.quantity = 1;
      line.unit_price = 0;
      lines.push_back(line);
    }
  }

  void PlanReturn(Return line) {
    line.quantity = 1 + static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(line.quantity)));
    const std::size_t day = OpenDay(day_ + 1 + random_.Below(kReturnWithin));
    if (day < first_visitor_.size()) returns_[day % returns_.size()].push_back(line);
  }

  void TakeBack(const Event& event, std::vector<SampleLine>& lines) {
    const Return& returned = *event.returned;
    SampleLine line{.minute = Minute(event.minute),
                    .customer_id = {},
                    .product = &SampleProducts()[returned.product],
                    .invoice_no = {},
                    .quantity = -returned.quantity,
                    .unit_price = returned.unit_price};
    if (returned.known) line.customer_id = CustomerId(returned.buyer);
    if (random_.Uniform() < 0.1) line.invoice_no = ++invoice_;
    lines.push_back(line);
  }

  SampleShopOptions options_;
  Random random_;
  Calendar calendar_;
  Demand demand_;
  std::array<double, kHours.size()> hours_{};
  std::vector<Buyer> buyers_;
  std::vector<std::uint32_t> first_visitor_;  // per day
  std::vector<std::vector<Return>> returns_;  // a ring of the days to come
  std::vector<Event> events_;
  std::size_t day_ = 0;
  std::int64_t invoice_ = 500'000;
};

SampleSales::SampleSales(const SampleShopOptions& options) {
  CheckSampleShop(options);
  shop_ = std::make_unique<Shop>(options);
}

SampleSales::~SampleSales() = default;

std::optional<SampleLine> SampleSales::Next() {
  while (position_ == lines_.size()) {
    position_ = 0;
    lines_.clear();
    if (!shop_->NextDay(lines_)) return std::nullopt;
  }
  if (++made_ % 1'000'000 == 0)
    Progress("sample sales: " + std::to_string(made_ / 1'000'000) + " million lines");
  return lines_[position_++];
}

std::int64_t SampleCustomersFor(std::int64_t lines, const SampleShopOptions& options) {
  if (lines < 1 || lines > kMaxSampleLines) {
    throw Error(ErrorCode::kInvalidArgument, "lines is out of range",
                std::to_string(lines) + " is given, 1 to " + std::to_string(kMaxSampleLines) + " is allowed");
  }
  SampleShopOptions trial = options;
  trial.customers = 20'000;
  SampleSales sales(trial);
  std::int64_t made = 0;
  while (sales.Next()) ++made;
  if (made == 0) {
    throw Error(ErrorCode::kInvalidArgument, "no line is sold in these days", "the shop is closed on Sundays",
                "Ask for more days, or for another first day.");
  }
  const double customers =
      static_cast<double>(lines) / static_cast<double>(made) * static_cast<double>(trial.customers);
  trial.customers = std::max<std::int64_t>(1, std::llround(customers));
  CheckSampleShop(trial);
  return trial.customers;
}

}  // namespace ecomm::core
