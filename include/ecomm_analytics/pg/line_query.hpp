// Sale lines as summaries read them: the canonical ones, their keys in types that aggregates read.
#pragma once

#include <array>

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// Of the canonical columns, those that summaries are made of.
inline constexpr std::array<const char*, 6> kLineColumns = {"sold_at",    "customer_id", "invoice_no",
                                                            "product_id", "quantity",    "amount"};

// The type of customer_id in relations for dashboards: smallint and integer are integer, bigint is bigint,
// all else is text.
Oid DashboardKeyType(Oid customer_type);

// A SELECT of kLineColumns, customer_id as DashboardKeyType says, invoice_no as TellableType: as text, equal
// numbers are equal.
// `expressions`: SQL of these columns over `from`, in the order of kLineColumns.
std::string LineQuery(const std::array<std::string, kLineColumns.size()>& expressions, Oid customer_type,
                      Oid invoice_type, const std::string& from);

// The same over ecomm.sale_line. Opens its own SPI. 42P01 where no sale table is bound, 55000 where the bound
// one is gone.
std::string BoundLineQuery();
Oid BoundCustomerType();
Oid BoundInvoiceType();

}  // namespace ecomm::pg
