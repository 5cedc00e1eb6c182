// Which column of a user's table plays which role, told from names and types alone. Nothing here guesses
// between equals: what is not certain is a question to the user.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecomm::core {

enum class TableKind { kSale, kCustomer, kProduct, kState };

std::string_view Name(TableKind kind);

enum class Role {
  // sale
  kSoldAt,
  kCustomerId,
  kInvoiceNo,
  kProductId,
  kQuantity,
  kAmount,  // the line total
  kUnitPrice,
  // customer
  kCustomerKey,
  kCustomerName,
  kCustomerCity,
  kCustomerPostalCode,
  kCustomerState,
  kCustomerCountry,
  kCustomerLatitude,
  kCustomerLongitude,
  // product
  kProductKey,
  kProductDescription,
  kProductCategory,
  // state
  kStateSpelling,  // as written in the customer table: the join key
  kStateCode,
  kStateName,
  kStateRegion,
};

// The role as SQL says it: "sold_at", "customer.city".
std::string_view Name(Role role);
std::span<const Role> RolesOf(TableKind kind);

enum class ColumnType {
  kTimestamp,
  kTimestampTz,
  kDate,
  kInteger,
  kBigint,
  kNumeric,
  kDouble,
  kMoney,
  kText,
  kUuid,
  kOther,
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::kOther;
  std::string type_name;  // as the user would write it; only for messages
};

// A role the user has spoken for. `column` is empty where it is an expression, or said to be absent.
struct StatedRole {
  Role role;
  std::optional<std::size_t> column;
};

struct RoleMatch {
  Role role;
  bool stated = false;
  std::optional<std::size_t> column;    // index into the columns
  std::string reason;                   // why that column
  std::vector<std::size_t> candidates;  // two or more: which one is a question
  std::vector<std::size_t> misfits;     // the name says so, the type forbids it
  // Beside a column found by name: those of lesser names that would do and serve no other role, best first.
  std::vector<std::size_t> passed_over;
};

struct Detection {
  TableKind kind = TableKind::kSale;
  std::vector<RoleMatch> matches;  // every role of the kind, in the order of RolesOf

  const RoleMatch& Of(Role role) const;
};

// Lower case, without spaces, underscores, dashes, dots, slashes, parentheses, quotes and the signs #, $.
std::string NormalizeName(std::string_view name);

bool TypeFits(Role role, ColumnType type);

// Matches names in tiers: the best tier with a column of a fitting type decides, two columns in it are
// candidates, and so are a column and a text column of a better tier. A column serves one role (in a state
// table it may serve more). `key_name`: what the other side of the join calls a dimension's key; a column of
// that name is the key before all others. Never throws.
Detection DetectRoles(TableKind kind, std::span<const Column> columns,
                      std::span<const StatedRole> stated = {}, std::string_view key_name = {});

// `passed over: "paid_at", "ts"`, or nothing.
std::string ListPassedOver(const RoleMatch& match, std::span<const Column> columns);

// Throws Error(kInvalidArgument) with every open question: roles with several candidates, required roles with
// none. Sale requires sold_at, customer_id and money (amount, or quantity and unit_price); a dimension its
// key. `relation`: the table's name as it should be written in a call.
void RequireRoles(const Detection& detection, std::span<const Column> columns, std::string_view relation);

}  // namespace ecomm::core
