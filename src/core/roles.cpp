#include "ecomm_analytics/core/roles.hpp"

#include <algorithm>
#include <array>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/role_names.hpp"

namespace ecomm::core {
namespace {

constexpr std::array kSaleRoles = {Role::kSoldAt,   Role::kCustomerId, Role::kInvoiceNo, Role::kProductId,
                                   Role::kQuantity, Role::kAmount,     Role::kUnitPrice};
constexpr std::array kCustomerRoles = {
    Role::kCustomerKey,   Role::kCustomerName,    Role::kCustomerCity,     Role::kCustomerPostalCode,
    Role::kCustomerState, Role::kCustomerCountry, Role::kCustomerLatitude, Role::kCustomerLongitude};
constexpr std::array kProductRoles = {Role::kProductKey, Role::kProductDescription, Role::kProductCategory};
constexpr std::array kStateRoles = {Role::kStateSpelling, Role::kStateCode, Role::kStateName,
                                    Role::kStateRegion};

bool IsJoinKey(Role role) {
  return role == Role::kCustomerKey || role == Role::kProductKey || role == Role::kStateSpelling;
}

bool IsNumber(ColumnType type) {
  return type == ColumnType::kInteger || type == ColumnType::kBigint || type == ColumnType::kNumeric ||
         type == ColumnType::kDouble;
}

bool TierHas(std::string_view tier, std::string_view normalized) {
  while (!tier.empty()) {
    const auto end = tier.find(' ');
    if (NormalizeName(tier.substr(0, end)) == normalized) return true;
    if (end == std::string_view::npos) break;
    tier.remove_prefix(end + 1);
  }
  return false;
}

// The names looked for, best first: the name on the other side of the join, then the role's tiers.
std::vector<std::string_view> TiersFor(Role role, std::string_view key_name) {
  std::vector<std::string_view> tiers;
  if (IsJoinKey(role) && !key_name.empty()) tiers.push_back(key_name);
  const auto& known = NameTiers(role);
  tiers.insert(tiers.end(), known.begin(), known.end());
  return tiers;
}

struct NamedColumns {
  std::span<const Column> columns;
  std::vector<std::string> normalized;
  std::vector<bool> taken;
};

void MatchByName(RoleMatch& match, NamedColumns& named, std::string_view key_name) {
  const auto tiers = TiersFor(match.role, key_name);
  std::vector<std::size_t> text_above;
  for (std::size_t tier = 0; tier < tiers.size(); ++tier) {
    const bool is_key_name = tier == 0 && IsJoinKey(match.role) && !key_name.empty();
    std::vector<std::size_t> found;
    std::vector<std::size_t> misfits;
    for (std::size_t i = 0; i < named.columns.size(); ++i) {
      if (named.taken[i]) continue;
      const bool same = is_key_name ? named.normalized[i] == NormalizeName(key_name)
                                    : TierHas(tiers[tier], named.normalized[i]);
      if (same) (TypeFits(match.role, named.columns[i].type) ? found : misfits).push_back(i);
    }
    match.misfits.insert(match.misfits.end(), misfits.begin(), misfits.end());
    if (found.empty()) {
      std::copy_if(misfits.begin(), misfits.end(), std::back_inserter(text_above),
                   [&](std::size_t i) { return named.columns[i].type == ColumnType::kText; });
      continue;
    }
    if (found.size() > 1 || !text_above.empty()) {
      match.candidates = text_above;
      match.candidates.insert(match.candidates.end(), found.begin(), found.end());
      match.reason = found.size() > 1 ? "several columns could be it" : "a better named column is text";
    } else {
      match.column = found.front();
      match.reason = is_key_name ? "same name on both sides of the join" : "by name";
    }
    return;
  }
}

// A state table need not keep spellings apart: then its code, or else its name, is what customers are joined
// by.
void JoinStatesByWhatThereIs(Detection& detection) {
  auto& spelling = detection.matches.front();
  if (spelling.column || !spelling.candidates.empty()) return;
  for (const Role other : {Role::kStateCode, Role::kStateName}) {
    if (const auto& match = detection.Of(other); match.column) {
      spelling.column = match.column;
      spelling.reason = "no column of spellings: joined by " + std::string(Name(other));
      return;
    }
  }
}

// Called when every role has its column.
void FindPassedOver(Detection& detection, NamedColumns& named) {
  for (const RoleMatch& match : detection.matches) {
    if (match.column) named.taken[*match.column] = true;
  }
  for (RoleMatch& match : detection.matches) {
    if (match.stated || !match.column) continue;
    for (const std::string_view tier : NameTiers(match.role)) {
      for (std::size_t i = 0; i < named.columns.size(); ++i) {
        if (named.taken[i] || !TypeFits(match.role, named.columns[i].type)) continue;
        if (TierHas(tier, named.normalized[i])) match.passed_over.push_back(i);
      }
    }
  }
}

std::string ListColumns(std::span<const std::size_t> indexes, std::span<const Column> columns) {
  std::string list;
  for (const std::size_t i : indexes) {
    if (!list.empty()) list += ", ";
    list += '"' + columns[i].name + "\" (" + columns[i].type_name + ')';
  }
  return list;
}

std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out += '\'';
}

// A double-quoted SQL identifier.
std::string Identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

// Collects what has to be asked, then throws it as one error.
class Questions {
 public:
  Questions(const Detection& detection, std::span<const Column> columns, std::string_view relation)
      : detection_(detection), columns_(columns), relation_(relation) {}

  void Ambiguous(const RoleMatch& match) {
    Add(std::string(Name(match.role)) + ": " + match.reason + ": " + ListColumns(match.candidates, columns_) +
        '.');
    Suggest(match.role, Quoted(columns_[match.candidates.back()].name));
  }

  void Missing(const RoleMatch& match) {
    std::string line = std::string(Name(match.role)) + ": ";
    if (match.misfits.empty()) {
      Add(line + "no column found.");
      Suggest(match.role, "'...'");
      return;
    }
    Add(line + "the type does not fit: " + ListColumns(match.misfits, columns_) + '.');
    const Column& column = columns_[match.misfits.front()];
    const std::string name = Identifier(column.name);
    if (match.role == Role::kSoldAt && column.type == ColumnType::kText) {
      Suggest(match.role, Quoted("to_timestamp(" + name + ", 'MM/DD/YYYY HH24:MI')::timestamp"));
    } else if (match.role == Role::kAmount && column.type == ColumnType::kText) {
      Suggest(match.role, Quoted(name + "::numeric"));
    } else {
      Suggest(match.role, "'...'");
    }
  }

  void ThrowIfAny() const {
    if (detail_.empty()) return;
    const std::string what =
        detection_.kind == TableKind::kSale
            ? std::string("cannot tell the roles of the columns of ")
            : "cannot tell the key of the " + std::string(Name(detection_.kind)) + " table ";
    const std::string hint =
        detection_.kind == TableKind::kSale
            ? "State them, each as a column or an SQL expression: SELECT * FROM ecomm_bind(" +
                  Quoted(relation_) + arguments_ + ")."
            : "Pass a view over it whose key has the name of the key in the sale table.";
    throw Error(ErrorCode::kInvalidArgument, what + std::string(relation_), detail_, hint);
  }

 private:
  void Add(const std::string& line) {
    if (!detail_.empty()) detail_ += '\n';
    detail_ += line;
  }
  void Suggest(Role role, const std::string& value) {
    arguments_ += ", " + std::string(Name(role)) + " => " + value;
  }

  const Detection& detection_;
  std::span<const Column> columns_;
  std::string_view relation_;
  std::string detail_;
  std::string arguments_;
};

void AskAboutMoney(const Detection& detection, Questions& questions) {
  auto known = [&](Role role) {
    const auto& match = detection.Of(role);
    return match.stated || match.column;
  };
  const auto& amount = detection.Of(Role::kAmount);
  if (known(Role::kAmount) || !amount.candidates.empty()) return;
  const bool product = known(Role::kQuantity) && known(Role::kUnitPrice);
  // A total written as text is still the better witness than a product: not passed over in silence.
  if (!product || !amount.misfits.empty()) questions.Missing(amount);
}

}  // namespace

std::string_view Name(TableKind kind) {
  switch (kind) {
    case TableKind::kSale:
      return "sale";
    case TableKind::kCustomer:
      return "customer";
    case TableKind::kProduct:
      return "product";
    case TableKind::kState:
      return "state";
  }
  return {};
}

std::string_view Name(Role role) {
  switch (role) {
    case Role::kSoldAt:
      return "sold_at";
    case Role::kCustomerId:
      return "customer_id";
    case Role::kInvoiceNo:
      return "invoice_no";
    case Role::kProductId:
      return "product_id";
    case Role::kQuantity:
      return "quantity";
    case Role::kAmount:
      return "amount";
    case Role::kUnitPrice:
      return "unit_price";
    case Role::kCustomerKey:
      return "customer.customer_id";
    case Role::kCustomerName:
      return "customer.name";
    case Role::kCustomerCity:
      return "customer.city";
    case Role::kCustomerPostalCode:
      return "customer.postal_code";
    case Role::kCustomerState:
      return "customer.state";
    case Role::kCustomerCountry:
      return "customer.country";
    case Role::kCustomerLatitude:
      return "customer.latitude";
    case Role::kCustomerLongitude:
      return "customer.longitude";
    case Role::kProductKey:
      return "product.product_id";
    case Role::kProductDescription:
      return "product.description";
    case Role::kProductCategory:
      return "product.category";
    case Role::kStateSpelling:
      return "state.spelling";
    case Role::kStateCode:
      return "state.code";
    case Role::kStateName:
      return "state.name";
    case Role::kStateRegion:
      return "state.region";
  }
  return {};
}

std::span<const Role> RolesOf(TableKind kind) {
  switch (kind) {
    case TableKind::kSale:
      return kSaleRoles;
    case TableKind::kCustomer:
      return kCustomerRoles;
    case TableKind::kProduct:
      return kProductRoles;
    case TableKind::kState:
      return kStateRoles;
  }
  return {};
}

const RoleMatch& Detection::Of(Role role) const {
  return *std::find_if(matches.begin(), matches.end(), [&](const RoleMatch& m) { return m.role == role; });
}

std::string NormalizeName(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::string_view(" _-./()#$\"\t").find(c) != std::string_view::npos) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool TypeFits(Role role, ColumnType type) {
  switch (role) {
    case Role::kSoldAt:
      return type == ColumnType::kTimestamp || type == ColumnType::kTimestampTz || type == ColumnType::kDate;
    case Role::kCustomerId:
    case Role::kInvoiceNo:
    case Role::kProductId:
    case Role::kCustomerKey:
    case Role::kProductKey:
      return IsNumber(type) || type == ColumnType::kText || type == ColumnType::kUuid;
    case Role::kQuantity:
    case Role::kCustomerLatitude:
    case Role::kCustomerLongitude:
      return IsNumber(type);
    case Role::kAmount:
    case Role::kUnitPrice:
      return IsNumber(type) || type == ColumnType::kMoney;
    case Role::kCustomerPostalCode:
    case Role::kStateSpelling:
    case Role::kStateCode:
      return IsNumber(type) || type == ColumnType::kText;
    default:
      return type == ColumnType::kText;
  }
}

Detection DetectRoles(TableKind kind, std::span<const Column> columns, std::span<const StatedRole> stated,
                      std::string_view key_name) {
  NamedColumns named{columns, {}, std::vector<bool>(columns.size())};
  for (const Column& column : columns) named.normalized.push_back(NormalizeName(column.name));

  Detection detection{kind, {}};
  for (const Role role : RolesOf(kind)) {
    RoleMatch& match = detection.matches.emplace_back();
    match.role = role;
    for (const StatedRole& s : stated) {
      if (s.role != role) continue;
      match.stated = true;
      match.column = s.column;
      match.reason = "stated";
      if (s.column) named.taken[*s.column] = true;
    }
  }
  for (RoleMatch& match : detection.matches) {
    if (match.stated) continue;
    MatchByName(match, named, key_name);
    if (match.column && kind != TableKind::kState) named.taken[*match.column] = true;
  }
  if (kind == TableKind::kState) JoinStatesByWhatThereIs(detection);
  FindPassedOver(detection, named);
  return detection;
}

std::string ListPassedOver(const RoleMatch& match, std::span<const Column> columns) {
  std::string list;
  for (const std::size_t i : match.passed_over) {
    list += (list.empty() ? "passed over: " : ", ") + Identifier(columns[i].name);
  }
  return list;
}

void RequireRoles(const Detection& detection, std::span<const Column> columns, std::string_view relation) {
  Questions questions(detection, columns, relation);
  const Role key = RolesOf(detection.kind).front();
  for (const RoleMatch& match : detection.matches) {
    // What a dimension shows beside its key is a convenience: left out where unclear, and reported so.
    if (detection.kind != TableKind::kSale && match.role != key) continue;
    const bool required = match.role == key || match.role == Role::kCustomerId;
    if (!match.candidates.empty()) {
      questions.Ambiguous(match);
    } else if (required && !match.stated && !match.column) {
      questions.Missing(match);
    }
  }
  if (detection.kind == TableKind::kSale) AskAboutMoney(detection, questions);
  questions.ThrowIfAny();
}

}  // namespace ecomm::core
