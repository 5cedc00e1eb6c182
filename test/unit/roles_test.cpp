#include "ecomm_analytics/core/roles.hpp"

#include <gtest/gtest.h>

#include <set>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/role_names.hpp"

namespace ecomm::core {
namespace {

using enum ColumnType;

std::string TypeName(ColumnType type) {
  switch (type) {
    case kTimestamp:
      return "timestamp without time zone";
    case kTimestampTz:
      return "timestamp with time zone";
    case kDate:
      return "date";
    case kInteger:
      return "integer";
    case kBigint:
      return "bigint";
    case kNumeric:
      return "numeric";
    case kDouble:
      return "double precision";
    case kMoney:
      return "money";
    case kText:
      return "text";
    case kUuid:
      return "uuid";
    case kOther:
      return "jsonb";
  }
  return {};
}

std::vector<Column> Columns(std::initializer_list<std::pair<const char*, ColumnType>> list) {
  std::vector<Column> columns;
  for (const auto& [name, type] : list) columns.push_back({name, type, TypeName(type)});
  return columns;
}

// "sold_at=OrderDate amount=? unit_price=-": what was found, asked, not found.
std::string Show(const Detection& detection, const std::vector<Column>& columns) {
  std::string out;
  for (const RoleMatch& match : detection.matches) {
    if (!out.empty()) out += ' ';
    out += std::string(Name(match.role)) + '=';
    out += match.column ? columns[*match.column].name : match.candidates.empty() ? "-" : "?";
  }
  return out;
}

std::string ShowSale(const std::vector<Column>& columns, std::vector<StatedRole> stated = {}) {
  return Show(DetectRoles(TableKind::kSale, columns, stated), columns);
}

Error ErrorOf(TableKind kind, const std::vector<Column>& columns, std::vector<StatedRole> stated = {}) {
  try {
    RequireRoles(DetectRoles(kind, columns, stated), columns, "public.sale");
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::kBadData, "no error"};
}

TEST(Roles, PetshopSale) {
  const auto columns = Columns({{"transaction_date", kTimestamp},
                                {"customer_id", kInteger},
                                {"description", kText},
                                {"stock_code", kText},
                                {"invoice_no", kInteger},
                                {"quantity", kInteger},
                                {"sale", kNumeric},
                                {"unit_price", kNumeric}});
  EXPECT_EQ(ShowSale(columns),
            "sold_at=transaction_date customer_id=customer_id invoice_no=invoice_no product_id=stock_code "
            "quantity=quantity amount=sale unit_price=unit_price");
  EXPECT_NO_THROW(RequireRoles(DetectRoles(TableKind::kSale, columns), columns, "sale"));
}

TEST(Roles, OnlineRetailInBothEditions) {
  EXPECT_EQ(ShowSale(Columns({{"InvoiceNo", kText},
                              {"StockCode", kText},
                              {"Description", kText},
                              {"Quantity", kInteger},
                              {"InvoiceDate", kTimestamp},
                              {"UnitPrice", kDouble},
                              {"CustomerID", kDouble},
                              {"Country", kText}})),
            "sold_at=InvoiceDate customer_id=CustomerID invoice_no=InvoiceNo product_id=StockCode "
            "quantity=Quantity amount=- unit_price=UnitPrice");
  EXPECT_EQ(ShowSale(Columns({{"Invoice", kText},
                              {"StockCode", kText},
                              {"Quantity", kInteger},
                              {"InvoiceDate", kTimestamp},
                              {"Price", kNumeric},
                              {"Customer ID", kNumeric}})),
            "sold_at=InvoiceDate customer_id=Customer ID invoice_no=Invoice product_id=StockCode "
            "quantity=Quantity amount=- unit_price=Price");
}

TEST(Roles, AWebShop) {
  EXPECT_EQ(ShowSale(Columns({{"id", kBigint},
                              {"order_id", kBigint},
                              {"user_id", kUuid},
                              {"sku", kText},
                              {"qty", kInteger},
                              {"price", kNumeric},
                              {"line_total", kNumeric},
                              {"unit_cost", kNumeric},
                              {"created_at", kTimestampTz}})),
            "sold_at=created_at customer_id=user_id invoice_no=order_id product_id=sku quantity=qty "
            "amount=line_total unit_price=price");
}

TEST(Roles, TheCanonicalNamesMapToThemselves) {
  EXPECT_EQ(ShowSale(Columns({{"sold_at", kTimestamp},
                              {"customer_id", kUuid},
                              {"invoice_no", kText},
                              {"product_id", kText},
                              {"quantity", kInteger},
                              {"amount", kNumeric},
                              {"unit_price", kNumeric}})),
            "sold_at=sold_at customer_id=customer_id invoice_no=invoice_no product_id=product_id "
            "quantity=quantity amount=amount unit_price=unit_price");
}

TEST(Roles, NamesAreComparedWithoutCaseAndPunctuation) {
  EXPECT_EQ(NormalizeName("Customer ID"), "customerid");
  EXPECT_EQ(NormalizeName("CUSTOMER-ID"), "customerid");
  EXPECT_EQ(NormalizeName("Invoice #"), "invoice");
  EXPECT_EQ(NormalizeName("Amount ($)"), "amount");
  EXPECT_EQ(NormalizeName("\"Customer ID\""), "customerid");
  EXPECT_EQ(NormalizeName(""), "");
  EXPECT_EQ(NormalizeName("Größe"), "größe");
}

TEST(Roles, ABetterTierWins) {
  // an order's date before the record's, a customer before a user (who may be the cashier)
  EXPECT_EQ(ShowSale(Columns({{"created_at", kTimestamp},
                              {"order_date", kDate},
                              {"user_id", kInteger},
                              {"customer_no", kInteger},
                              {"transaction_id", kInteger},
                              {"order_id", kInteger},
                              {"amount", kNumeric},
                              {"line_total", kNumeric},
                              {"order_total", kNumeric}})),
            "sold_at=order_date customer_id=customer_no invoice_no=order_id product_id=- quantity=- "
            "amount=line_total unit_price=-");
}

TEST(Roles, EqualsAreAQuestion) {
  const auto columns = Columns({{"order_date", kDate},
                                {"invoice_date", kDate},
                                {"customer_id", kInteger},
                                {"Amount", kNumeric},
                                {"total", kDouble}});
  EXPECT_EQ(ShowSale(columns),
            "sold_at=? customer_id=customer_id invoice_no=- product_id=- quantity=- amount=? unit_price=-");
  const Error error = ErrorOf(TableKind::kSale, columns);
  EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
  EXPECT_STREQ(error.what(), "cannot tell the roles of the columns of public.sale");
  EXPECT_EQ(error.detail(),
            "sold_at: several columns could be it: \"order_date\" (date), \"invoice_date\" (date).\n"
            "amount: several columns could be it: \"Amount\" (numeric), \"total\" (double precision).");
  EXPECT_EQ(error.hint(),
            "State them, each as a column or an SQL expression: SELECT * FROM ecomm_bind('public.sale', "
            "sold_at => 'invoice_date', amount => 'total').");
}

TEST(Roles, StatingAnswersTheQuestionAndFreesTheOthers) {
  const auto columns = Columns({{"order_date", kDate},
                                {"customer_id", kInteger},
                                {"qty", kInteger},
                                {"price", kNumeric},
                                {"total", kNumeric}});
  // `price` stated as the amount no longer serves as the unit price
  EXPECT_EQ(ShowSale(columns, {{Role::kAmount, 3}}),
            "sold_at=order_date customer_id=customer_id invoice_no=- product_id=- quantity=qty amount=price "
            "unit_price=-");
  // an expression, or nothing at all
  const auto detection = DetectRoles(TableKind::kSale, columns, std::vector<StatedRole>{{Role::kAmount, {}}});
  EXPECT_TRUE(detection.Of(Role::kAmount).stated);
  EXPECT_FALSE(detection.Of(Role::kAmount).column);
  EXPECT_NO_THROW(RequireRoles(detection, columns, "sale"));
}

TEST(Roles, TypesMustFit) {
  const auto columns =
      Columns({{"order_date", kText}, {"customer_id", kOther}, {"amount", kText}, {"quantity", kText}});
  EXPECT_EQ(ShowSale(columns),
            "sold_at=- customer_id=- invoice_no=- product_id=- quantity=- amount=- unit_price=-");
  const Error error = ErrorOf(TableKind::kSale, columns);
  EXPECT_EQ(error.detail(),
            "sold_at: the type does not fit: \"order_date\" (text).\n"
            "customer_id: the type does not fit: \"customer_id\" (jsonb).\n"
            "amount: the type does not fit: \"amount\" (text).");
  EXPECT_EQ(error.hint(),
            "State them, each as a column or an SQL expression: SELECT * FROM ecomm_bind('public.sale', "
            "sold_at => 'to_timestamp(\"order_date\", ''MM/DD/YYYY HH24:MI'')::timestamp', "
            "customer_id => '...', amount => '\"amount\"::numeric').");
}

TEST(Roles, ABetterNamedTextColumnIsNotPassedOver) {
  const auto columns = Columns(
      {{"order_date", kText}, {"created_at", kTimestamp}, {"customer_id", kInteger}, {"amount", kNumeric}});
  EXPECT_NE(ErrorOf(TableKind::kSale, columns)
                .detail()
                .find("a better named column is text: \"order_date\" (text), \"created_at\""),
            std::string::npos);
  // of the same tier and unfit: nothing to ask (a separate time of day)
  EXPECT_EQ(ShowSale(Columns({{"order_date", kDate}, {"order_time", kOther}, {"customer_id", kInteger}}))
                .substr(0, 18),
            "sold_at=order_date");
}

TEST(Roles, LesserNamesThatWouldDoArePassedOverAloud) {
  auto show = [](TableKind kind, const std::vector<Column>& columns, std::vector<StatedRole> stated = {},
                 std::string_view key_name = {}) {
    const auto detection = DetectRoles(kind, columns, stated, key_name);
    std::string out;
    for (const RoleMatch& match : detection.matches) {
      if (match.passed_over.empty()) continue;
      out += std::string(Name(match.role)) + ' ' + ListPassedOver(match, columns) + '\n';
    }
    return out;
  };
  const auto sale = Columns({{"date", kDate},
                             {"cust", kText},
                             {"paid_at", kTimestamp},
                             {"created_at", kText},
                             {"ordered_at", kTimestamp},
                             {"client_id", kInteger},
                             {"order_total", kNumeric},
                             {"grand_\"total", kMoney},
                             {"total", kNumeric},
                             {"item_count", kUuid}});
  // in the order of the tiers; not created_at and item_count, whose types do not fit
  EXPECT_EQ(show(TableKind::kSale, sale),
            "sold_at passed over: \"paid_at\", \"date\"\n"
            "customer_id passed over: \"cust\"\n"
            "amount passed over: \"order_total\", \"grand_\"\"total\"\n");
  // what is stated is no choice, and what it took is not passed over by others
  EXPECT_EQ(
      show(TableKind::kSale, sale, {{Role::kSoldAt, 4}, {Role::kCustomerId, {}}, {Role::kUnitPrice, 6}}),
      "amount passed over: \"grand_\"\"total\"\n");
  // a question passes nothing over; neither does a role taken by a later one
  EXPECT_EQ(show(TableKind::kSale, Columns({{"total", kNumeric}, {"Amount", kNumeric}, {"value", kNumeric}})),
            "");
  EXPECT_EQ(show(TableKind::kSale, Columns({{"invoice_no", kText},
                                            {"order_no", kText},
                                            {"sku", kText},
                                            {"item", kText},
                                            {"item_no", kText}})),
            "invoice_no passed over: \"order_no\"\n"
            "product_id passed over: \"item_no\", \"item\"\n");
  EXPECT_EQ(show(TableKind::kProduct, Columns({{"id", kInteger}, {"name", kText}, {"product", kText}})), "");
  EXPECT_EQ(show(TableKind::kState, Columns({{"order_state", kText}, {"state", kText}, {"name", kText}}), {},
                 "order_state"),
            "state.name passed over: \"name\"\n");
}

TEST(Roles, MoneyIsAmountOrQuantityTimesPrice) {
  const auto with = [](std::initializer_list<std::pair<const char*, ColumnType>> more) {
    auto columns = Columns({{"sold_at", kTimestamp}, {"customer_id", kInteger}});
    for (const auto& column : Columns(more)) columns.push_back(column);
    return ErrorOf(TableKind::kSale, columns).detail();
  };
  EXPECT_EQ(with({{"amount", kMoney}}), "");
  EXPECT_EQ(with({{"quantity", kInteger}, {"price", kNumeric}}), "");
  EXPECT_EQ(with({{"price", kNumeric}}), "amount: no column found.");
  EXPECT_EQ(with({{"quantity", kInteger}}), "amount: no column found.");
  EXPECT_EQ(with({{"quantity", kInteger}, {"unit_cost", kNumeric}}), "amount: no column found.");
  EXPECT_EQ(with({{"quantity", kInteger}, {"price", kNumeric}, {"amount", kText}}),
            "amount: the type does not fit: \"amount\" (text).");
  EXPECT_EQ(with({{"quantity", kInteger}, {"price", kNumeric}, {"sale_price", kNumeric}}),
            "unit_price: several columns could be it: \"price\" (numeric), \"sale_price\" (numeric).\n"
            "amount: no column found.");
}

TEST(Roles, NoColumnsAtAll) {
  EXPECT_EQ(ErrorOf(TableKind::kSale, {}).detail(),
            "sold_at: no column found.\ncustomer_id: no column found.\namount: no column found.");
}

TEST(Roles, Dimensions) {
  const auto customer = Columns({{"customer_id", kInteger},
                                 {"order_city", kText},
                                 {"order_postal", kText},
                                 {"order_state", kText},
                                 {"latitude", kNumeric},
                                 {"longitude", kNumeric}});
  EXPECT_EQ(Show(DetectRoles(TableKind::kCustomer, customer), customer),
            "customer.customer_id=customer_id customer.name=- customer.city=order_city "
            "customer.postal_code=order_postal customer.state=order_state customer.country=- "
            "customer.latitude=latitude customer.longitude=longitude");
  const auto product = Columns({{"stock_code", kText},
                                {"weight", kNumeric},
                                {"landed_cost", kNumeric},
                                {"description", kText},
                                {"category", kText}});
  EXPECT_EQ(Show(DetectRoles(TableKind::kProduct, product), product),
            "product.product_id=stock_code product.description=description product.category=category");
  const auto state =
      Columns({{"order_state", kText}, {"state_abbreviation", kText}, {"region", kText}, {"state", kText}});
  EXPECT_EQ(Show(DetectRoles(TableKind::kState, state, {}, "order_state"), state),
            "state.spelling=order_state state.code=state_abbreviation state.name=state state.region=region");
}

TEST(Roles, TheOtherSideOfTheJoinNamesTheKey) {
  const auto product =
      Columns({{"id", kInteger}, {"product_id", kInteger}, {"article", kText}, {"name", kText}});
  auto key = [&](std::string_view name) {
    const auto match = DetectRoles(TableKind::kProduct, product, {}, name).Of(Role::kProductKey);
    return product[*match.column].name;
  };
  EXPECT_EQ(key("Article"), "article");
  EXPECT_EQ(key("nothing like it"), "product_id");
  EXPECT_EQ(key(""), "product_id");
}

TEST(Roles, StatesWithoutSpellingsJoinByCodeOrName) {
  const auto coded = Columns({{"code", kText}, {"state_name", kText}});
  EXPECT_EQ(Show(DetectRoles(TableKind::kState, coded), coded),
            "state.spelling=code state.code=code state.name=state_name state.region=-");
  const auto shared = Columns({{"state", kText}, {"region", kText}});
  EXPECT_EQ(Show(DetectRoles(TableKind::kState, shared, {}, "state"), shared),
            "state.spelling=state state.code=- state.name=state state.region=region");
}

TEST(Roles, DimensionsNeedTheirKeyOnly) {
  EXPECT_STREQ(ErrorOf(TableKind::kCustomer, Columns({{"town", kText}})).what(),
               "cannot tell the key of the customer table public.sale");
  // two cities: none is taken, and it is no error
  const auto columns = Columns({{"customer_id", kUuid}, {"bill_city", kText}, {"ship_city", kText}});
  const auto detection = DetectRoles(TableKind::kCustomer, columns);
  EXPECT_FALSE(detection.Of(Role::kCustomerCity).column);
  EXPECT_EQ(detection.Of(Role::kCustomerCity).candidates.size(), 2U);
  EXPECT_NO_THROW(RequireRoles(detection, columns, "c"));
}

// A name listed in two tiers of a role, or twice in one, would hide a mistake in the lists.
TEST(Roles, EveryRoleHasNamesAndNoneTwice) {
  for (const TableKind kind :
       {TableKind::kSale, TableKind::kCustomer, TableKind::kProduct, TableKind::kState}) {
    for (const Role role : RolesOf(kind)) {
      EXPECT_FALSE(NameTiers(role).empty()) << Name(role);
      std::set<std::string> seen;
      for (std::string_view tier : NameTiers(role)) {
        while (!tier.empty()) {
          const auto end = std::min(tier.find(' '), tier.size());
          EXPECT_TRUE(seen.insert(NormalizeName(tier.substr(0, end))).second) << tier.substr(0, end);
          tier.remove_prefix(std::min(end + 1, tier.size()));
        }
      }
    }
  }
}

}  // namespace
}  // namespace ecomm::core
