#include "ecomm_analytics/core/role_names.hpp"

namespace ecomm::core {
namespace {

using Tiers = std::vector<std::string_view>;

const Tiers kSoldAt = {
    "sold_at",
    "transaction_date transaction_time transaction_at transaction_datetime transaction_timestamp trans_date "
    "txn_date tx_date sale_date sale_time sale_datetime sale_timestamp sales_date sold_on sold_date "
    "order_date "
    "order_time order_datetime order_timestamp ordered_at ordered_on order_purchase_timestamp "
    "order_placed_at "
    "invoice_date invoice_time invoice_datetime invoiced_at invoiced_on bill_date billing_date receipt_date "
    "purchase_date purchase_time purchase_datetime purchase_timestamp purchased_at purchased_on",
    "created_at created_on created create_date creation_date created_date date_created placed_at placed_on "
    "completed_at paid_at payment_date posted_at posting_date",
    "date datetime timestamp time ts day dt event_time event_timestamp occurred_at",
};

const Tiers kCustomerId = {
    "customer_id",
    "customer_no customer_nr customer_number customer_num customer_key customer_code customer_uuid "
    "customer_ref cust_id cust_no cust_nr cust_key cust_code cust_number",
    "user_id user_key user_uuid client_id client_no client_number client_key client_code client_uuid "
    "buyer_id "
    "shopper_id consumer_id member_id member_no household_id household_key account_id account_no "
    "account_number loyalty_id loyalty_no card_id guest_id person_id contact_id",
    "customer cust client buyer shopper member user customer_email email",
};

const Tiers kInvoiceNo = {
    "invoice_no",
    "invoice invoice_id invoice_nr invoice_number invoice_num invoice_key invoice_code order_id receipt_id "
    "bill_id basket_id sales_order_id",
    "order_no order_nr order_number order_num order_key order_code sales_order_number sales_order_no "
    "transaction_id transaction_no transaction_nr transaction_number transaction_key trans_id txn_id tx_id "
    "receipt_no receipt_nr receipt_number receipt bill_no bill_nr bill_number ticket_no ticket_id "
    "ticket_number basket_no check_no check_number",
    "order transaction bill ticket basket sale_id sale_no sale_number",
};

const Tiers kProductId = {
    "product_id",
    "stock_code sku sku_id sku_code product_code product_key product_no product_nr product_number "
    "product_sku "
    "product_uuid prod_id prod_code article_id article_no article_nr article_number article_code",
    "item_id item_no item_nr item_number item_code item_key variant_id part_no part_number upc ean gtin isbn "
    "asin plu barcode",
    "product product_name item item_name article",
};

const Tiers kQuantity = {
    "quantity",
    "qty units unit_count units_sold sold_units quantity_sold qty_sold sold_quantity sold_qty sales_quantity "
    "sales_qty sale_quantity quantity_ordered qty_ordered ordered_quantity ordered_qty order_quantity "
    "order_qty item_quantity item_qty product_quantity line_quantity line_qty number_of_units num_units "
    "no_of_units invoiced_quantity",
    "item_count items pieces pcs count volume",
};

// Names that say "of this line" first. Everything that may be a line total or something else shares one tier,
// so that two of them are a question; totals of a whole order come last.
const Tiers kAmount = {
    "line_total line_amount line_value line_revenue line_sales line_net line_item_total extended_price "
    "extended_amount ext_price ext_amount",
    "amount amt sale sales revenue turnover total total_price total_amount total_value total_sale "
    "total_sales "
    "total_revenue net_amount net_value net_sales net_revenue net_total gross_amount gross_value gross_sales "
    "gross_revenue gross_total sale_amount sales_amount sale_value sales_value sale_total sales_total "
    "sub_total item_total amount_total",
    "spend spent amount_spent value gmv income payment payment_value payment_amount amount_paid paid "
    "price_total",
    "order_total order_amount order_value invoice_total invoice_amount transaction_amount transaction_total "
    "transaction_value purchase_amount basket_value grand_total",
};

// One tier after the exact name: a list price beside a selling price must be asked about, and a cost is none.
const Tiers kUnitPrice = {
    "unit_price",
    "price price_per_unit unit_selling_price selling_price sale_price sales_price sold_price item_price "
    "price_each product_price net_price net_unit_price unit_net_price gross_unit_price unit_retail_price "
    "discounted_price price_paid unit_amount unit_value rate",
};

const Tiers kCustomerKey = {
    kCustomerId[0],
    kCustomerId[1],
    "user_id client_id buyer_id shopper_id member_id account_id household_id household_key",
    "id key code no number uuid customer client",
};
const Tiers kCustomerName = {
    "customer_name",
    "name full_name display_name client_name company_name company",
};
const Tiers kCustomerCity = {
    "city customer_city",
    "order_city ship_city shipping_city bill_city billing_city delivery_city city_name town",
};
const Tiers kCustomerPostalCode = {
    "postal_code customer_postal_code",
    "postal postcode zip zip_code customer_zip customer_zip_code customer_zip_code_prefix "
    "order_postal order_postal_code order_zip ship_postal_code shipping_zip shipping_postal_code "
    "billing_postal_code billing_zip plz",
};
const Tiers kCustomerState = {
    "state customer_state",
    "order_state ship_state shipping_state bill_state billing_state delivery_state state_code "
    "state_abbreviation state_name province",
    "region",
};
const Tiers kCustomerCountry = {
    "country customer_country",
    "country_code country_name order_country ship_country shipping_country billing_country",
};
const Tiers kCustomerLatitude = {"latitude customer_latitude", "lat geolocation_lat"};
const Tiers kCustomerLongitude = {"longitude customer_longitude", "lon lng long geolocation_lng"};

const Tiers kProductKey = {
    kProductId[0],
    kProductId[1],
    kProductId[2],
    "id key code no number uuid product item",
};
const Tiers kProductDescription = {
    "product_name item_name article_name product_title",
    "name title product item article",
    "description product_description item_description desc label",
};
const Tiers kProductCategory = {
    "category_name product_category_name",
    "category product_category item_category main_category",
    "department product_group product_line product_type product_class product_family group family class dept "
    "type",
};

const Tiers kStateSpelling = {
    "spelling state_spelling order_state customer_state ship_state shipping_state state_as_written raw_state "
    "state_raw state_variant variant alias",
};
const Tiers kStateCode = {
    "state_code state_abbreviation state_abbrev state_abbr state_id",
    "code abbreviation abbrev abbr",
};
const Tiers kStateName = {"state_name", "state province_name province", "name"};
const Tiers kStateRegion = {"region region_name", "sales_region area zone division territory"};

}  // namespace

const std::vector<std::string_view>& NameTiers(Role role) {
  switch (role) {
    case Role::kSoldAt:
      return kSoldAt;
    case Role::kCustomerId:
      return kCustomerId;
    case Role::kInvoiceNo:
      return kInvoiceNo;
    case Role::kProductId:
      return kProductId;
    case Role::kQuantity:
      return kQuantity;
    case Role::kAmount:
      return kAmount;
    case Role::kUnitPrice:
      return kUnitPrice;
    case Role::kCustomerKey:
      return kCustomerKey;
    case Role::kCustomerName:
      return kCustomerName;
    case Role::kCustomerCity:
      return kCustomerCity;
    case Role::kCustomerPostalCode:
      return kCustomerPostalCode;
    case Role::kCustomerState:
      return kCustomerState;
    case Role::kCustomerCountry:
      return kCustomerCountry;
    case Role::kCustomerLatitude:
      return kCustomerLatitude;
    case Role::kCustomerLongitude:
      return kCustomerLongitude;
    case Role::kProductKey:
      return kProductKey;
    case Role::kProductDescription:
      return kProductDescription;
    case Role::kProductCategory:
      return kProductCategory;
    case Role::kStateSpelling:
      return kStateSpelling;
    case Role::kStateCode:
      return kStateCode;
    case Role::kStateName:
      return kStateName;
    case Role::kStateRegion:
      return kStateRegion;
  }
  static const Tiers kNone;
  return kNone;
}

}  // namespace ecomm::core
