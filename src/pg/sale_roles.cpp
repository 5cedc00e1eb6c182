#include "ecomm_analytics/pg/sale_roles.hpp"

#include <array>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/money_reading.hpp"
#include "ecomm_analytics/pg/canonical.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/scalar_expression.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

using core::Role;

struct RolePiece : Piece {
  std::string shown;  // as the user would write it
  bool stated = false;
  std::string note;
};

std::string Join(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + "; " + b;
}

std::string ConversionHint(Role role) {
  switch (role) {
    case Role::kSoldAt:
      return "Convert it, for example: to_timestamp(order_date, 'MM/DD/YYYY HH24:MI')::timestamp.";
    case Role::kQuantity:
    case Role::kAmount:
    case Role::kUnitPrice:
      return "Convert it to a number, for example with ::numeric.";
    default:
      return "A key is a number, a text or a uuid: convert it, for example with ::text.";
  }
}

class Resolver {
 public:
  Resolver(Spi& spi, Oid relation)
      : spi_(spi), relation_(relation), name_(QualifiedName(relation)), table_(ReadColumns(spi, relation)) {}

  Source Resolve(std::span<const StatedText> stated, std::int64_t lines_to_check) {
    std::vector<core::StatedRole> stated_roles;
    for (const StatedText& given : stated) stated_roles.push_back({given.role, ReadStated(given)});
    const auto detection = core::DetectRoles(core::TableKind::kSale, table_.columns, stated_roles);
    core::RequireRoles(detection, table_.columns, name_);
    for (const core::RoleMatch& match : detection.matches) {
      if (!match.stated && match.column) TakeColumn(match.role, *match.column, match.reason);
    }
    SettleMoney(lines_to_check);
    return Build(detection);
  }

 private:
  RolePiece& Of(Role role) { return pieces_[static_cast<std::size_t>(role)]; }

  void TakeColumn(Role role, std::size_t column, const std::string& note) {
    RolePiece& piece = Of(role);
    piece.sql = piece.shown = QuoteIdentifier(table_.columns[column].name);
    piece.type = table_.types[column];
    piece.note = note;
  }

  // Returns the column where it is nothing but one.
  std::optional<std::size_t> ReadStated(const StatedText& given) {
    const std::string role(core::Name(given.role));
    RolePiece& piece = Of(given.role);
    piece.stated = true;
    piece.note = given.text.empty() ? "stated: none" : "stated";
    auto column = table_.Find(given.text);
    if (!column && !given.text.empty()) {
      const auto expression = ParseScalarExpression(relation_, given.text, role);
      if (!expression.column.empty()) column = table_.Find(expression.column);
      if (!expression.is_null_constant) {
        piece.sql = '(' + expression.sql + ')';
        piece.shown = expression.sql;
        piece.type = expression.type;
      }
    }
    if (column) TakeColumn(given.role, *column, "stated");
    CheckStated(given, piece);
    return column;
  }

  void CheckStated(const StatedText& given, const RolePiece& piece) const {
    const std::string role(core::Name(given.role));
    if (!piece.present()) {
      if (given.role == Role::kSoldAt || given.role == Role::kCustomerId || given.role == Role::kAmount) {
        throw core::Error(core::ErrorCode::kInvalidArgument, role + " cannot be left out");
      }
    } else if (!core::TypeFits(given.role, TypeCategory(piece.type))) {
      throw SqlError(ERRCODE_DATATYPE_MISMATCH, role + " cannot be of type " + TypeName(piece.type),
                     "Given: " + given.text, ConversionHint(given.role));
    }
  }

  std::string Numeric(Role role) { return CanonicalNumber(Of(role), false).sql; }

  void TakeQuantityTimes(const RolePiece& price, const std::string& note) {
    const RolePiece& quantity = Of(Role::kQuantity);
    RolePiece product;
    product.sql = '(' + Numeric(Role::kQuantity) + " * " + CanonicalNumber(price, false).sql + ')';
    product.shown = quantity.sql + " * " + price.sql;
    product.type = NUMERICOID;
    product.note = note;
    Of(Role::kAmount) = product;
  }

  // Sets the amount, having looked at the data where they can contradict its name.
  void SettleMoney(std::int64_t lines_to_check) {
    RolePiece& amount = Of(Role::kAmount);
    const RolePiece& quantity = Of(Role::kQuantity);
    const RolePiece& price = Of(Role::kUnitPrice);
    if (!amount.present()) return TakeQuantityTimes(price, "quantity * unit_price: no column of line totals");
    if (!quantity.present() || !price.present()) {
      const std::string missing = quantity.present() ? "unit_price" : "quantity";
      if (!amount.stated) amount.note = Join(amount.note, "not checked: there is no " + missing);
      return;
    }
    const auto verdict = CheckMoney(lines_to_check);
    if (amount.stated || verdict.reading == core::MoneyReading::kLineTotal) {
      const bool doubtful = verdict.reading == core::MoneyReading::kUnitPrice;
      amount.note = Join(amount.note, (doubtful ? "looks like " : "") + verdict.note);
    } else if (verdict.reading == core::MoneyReading::kUnitPrice) {
      TakeQuantityTimes(RolePiece(amount), "column " + amount.sql + " is " + verdict.note);
    } else {
      const std::string product = quantity.shown + " * " + amount.shown;
      throw core::Error(
          core::ErrorCode::kInvalidArgument,
          "cannot tell whether column " + amount.sql + " of " + name_ + " is the total of a line",
          "It " + verdict.note + '.',
          "State it: SELECT * FROM ecomm_bind(" + QuoteLiteral(name_) + ", amount => " +
              QuoteLiteral(amount.shown) + ") if it is; otherwise amount => " + QuoteLiteral(product) +
              " or another expression.");
    }
  }

  // Money is compared as numeric. What is NULL or NaN says nothing.
  core::MoneyVerdict CheckMoney(std::int64_t lines_to_check) {
    const auto rows = spi_.Query(
        "SELECT count(*),"
        " count(*) FILTER (WHERE known),"
        " count(*) FILTER (WHERE known AND is_total),"
        " count(*) FILTER (WHERE known AND telling),"
        " count(*) FILTER (WHERE known AND telling AND is_total),"
        " count(*) FILTER (WHERE known AND telling AND is_price) "
        "FROM (SELECT amount - total < 'NaN' AND price < 'NaN' AS known, abs(amount - total) <= 0.005 AS "
        "is_total,"
        " abs(amount - price) <= 0.005 AS is_price, abs(total - price) > 0.005 AS telling"
        " FROM (SELECT " +
        Numeric(Role::kAmount) + " AS amount, " + Numeric(Role::kUnitPrice) + " AS price, " +
        Numeric(Role::kQuantity) + " * " + Numeric(Role::kUnitPrice) + " AS total FROM " + name_ + " LIMIT " +
        std::to_string(lines_to_check) + ") AS line) AS checked");
    auto count = [&](int column) { return rows.Int64(0, column).value_or(0); };
    auto verdict = core::JudgeMoney({count(1), count(2), count(3), count(4), count(5)});
    if (count(0) == lines_to_check) {
      verdict.note += " (the first " + core::GroupThousands(lines_to_check) + " lines were checked)";
    }
    return verdict;
  }

  Source Build(const core::Detection& detection) {
    const std::array columns = {CanonicalTime(Of(Role::kSoldAt)),
                                CanonicalKey(Of(Role::kCustomerId), true),
                                CanonicalKey(Of(Role::kInvoiceNo), true),
                                CanonicalKey(Of(Role::kProductId), false),
                                CanonicalNumber(Of(Role::kQuantity), true),
                                CanonicalNumber(Of(Role::kAmount), false),
                                CanonicalNumber(Of(Role::kUnitPrice), false)};
    Source source;
    source.relation = relation_;
    source.relation_name = name_;
    source.customer_type = columns[1].type;
    source.invoice_type = columns[2].type;
    source.product_type = columns[3].type;
    source.quantity_type = columns[4].type;
    const auto roles = core::RolesOf(core::TableKind::kSale);
    for (std::size_t i = 0; i < roles.size(); ++i) {
      const RolePiece& piece = Of(roles[i]);
      source.columns += (i == 0 ? "" : ", ") + columns[i].sql + " AS " + std::string(core::Name(roles[i]));
      const std::string found = piece.present() || piece.stated ? columns[i].note : "no such column";
      const std::string passed_over = core::ListPassedOver(detection.matches[i], table_.columns);
      source.roles.push_back({roles[i], name_, piece.shown, TypeName(columns[i].type),
                              Join(Join(piece.note, found), passed_over)});
    }
    source.from = name_;
    return source;
  }

  Spi& spi_;
  Oid relation_;
  std::string name_;
  TableColumns table_;
  std::array<RolePiece, 7> pieces_;
};

}  // namespace

Source ResolveSaleRoles(Spi& spi, Oid relation, std::span<const StatedText> stated,
                        std::int64_t lines_to_check) {
  return Resolver(spi, relation).Resolve(stated, lines_to_check);
}

}  // namespace ecomm::pg
