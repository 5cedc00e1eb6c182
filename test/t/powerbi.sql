-- What Power BI sends over DirectQuery, on the views of a dashboard: one statement below each heading. Replayed by powerbi.pl
-- and by bench/powerbi, which give :year, :month, :from, :until, :category, :region, :segment and :top (a list of products).

--- connecting: the types of the database
select ns.nspname, a.typname, a.oid, a.typrelid, a.typbasetype,
case when pg_proc.proname='array_recv' then 'a' else a.typtype end as type,
case when pg_proc.proname='array_recv' then a.typelem when a.typtype='r' then rngsubtype else 0 end as elemoid,
case when pg_proc.proname in ('array_recv','oidvectorrecv') then 3 when a.typtype='r' then 2 when a.typtype='d' then 1 else 0 end as ord
from pg_type as a
join pg_namespace as ns on (ns.oid = a.typnamespace)
join pg_proc on pg_proc.oid = a.typreceive
left outer join pg_class as cls on (cls.oid = a.typrelid)
left outer join pg_type as b on (b.oid = a.typelem)
left outer join pg_class as elemcls on (elemcls.oid = b.typrelid)
left outer join pg_range on (pg_range.rngtypid = a.oid)
where a.typtype in ('b', 'r', 'e', 'd') or (a.typtype = 'c' and cls.relkind='c') or
 (pg_proc.proname='array_recv' and (b.typtype in ('b', 'r', 'e', 'd') or (b.typtype = 'p' and b.typname in ('record', 'void')) or (b.typtype = 'c' and elemcls.relkind='c')))
 or (a.typtype = 'p' and a.typname in ('record', 'void'))
order by ord;

--- navigator: relations
select TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE
from INFORMATION_SCHEMA.tables
where TABLE_SCHEMA not in ('information_schema', 'pg_catalog')
order by TABLE_SCHEMA, TABLE_NAME;

--- navigator: columns
select COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, case when (data_type like '%unsigned%') then DATA_TYPE || ' unsigned' else DATA_TYPE end as DATA_TYPE
from INFORMATION_SCHEMA.columns
where TABLE_SCHEMA = 'ecomm' and TABLE_NAME = 'sales_daily'
order by TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION;

--- navigator: keys (none are visible)
select i.CONSTRAINT_SCHEMA || '_' || i.CONSTRAINT_NAME as INDEX_NAME, ii.COLUMN_NAME, ii.ORDINAL_POSITION, case when i.CONSTRAINT_TYPE = 'PRIMARY KEY' then 'Y' else 'N' end as PRIMARY_KEY
from INFORMATION_SCHEMA.table_constraints i inner join INFORMATION_SCHEMA.key_column_usage ii on i.CONSTRAINT_SCHEMA = ii.CONSTRAINT_SCHEMA and i.CONSTRAINT_NAME = ii.CONSTRAINT_NAME and i.TABLE_SCHEMA = ii.TABLE_SCHEMA and i.TABLE_NAME = ii.TABLE_NAME
where i.TABLE_SCHEMA = 'ecomm' and i.TABLE_NAME = 'product'
and i.CONSTRAINT_TYPE in ('PRIMARY KEY', 'UNIQUE')
order by i.CONSTRAINT_SCHEMA || '_' || i.CONSTRAINT_NAME, ii.TABLE_SCHEMA, ii.TABLE_NAME, ii.ORDINAL_POSITION;

--- navigator: foreign keys (none are visible)
select
    pkcol.COLUMN_NAME as PK_COLUMN_NAME,
    fkcol.TABLE_SCHEMA as FK_TABLE_SCHEMA,
    fkcol.TABLE_NAME as FK_TABLE_NAME,
    fkcol.COLUMN_NAME as FK_COLUMN_NAME,
    fkcol.ORDINAL_POSITION as ORDINAL,
    fkcon.CONSTRAINT_SCHEMA || '_' || fkcol.TABLE_NAME || '_' || 'product' || '_' || fkcon.CONSTRAINT_NAME as FK_NAME
from
    (select distinct constraint_catalog, constraint_schema, unique_constraint_schema, constraint_name, unique_constraint_name
        from INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS) fkcon
        inner join
    INFORMATION_SCHEMA.KEY_COLUMN_USAGE fkcol
        on fkcon.CONSTRAINT_SCHEMA = fkcol.CONSTRAINT_SCHEMA
        and fkcon.CONSTRAINT_NAME = fkcol.CONSTRAINT_NAME
        inner join
    INFORMATION_SCHEMA.KEY_COLUMN_USAGE pkcol
        on fkcon.UNIQUE_CONSTRAINT_SCHEMA = pkcol.CONSTRAINT_SCHEMA
        and fkcon.UNIQUE_CONSTRAINT_NAME = pkcol.CONSTRAINT_NAME
where pkcol.TABLE_SCHEMA = 'ecomm' and pkcol.TABLE_NAME = 'product'
        and pkcol.ORDINAL_POSITION = fkcol.ORDINAL_POSITION
order by FK_NAME, fkcol.ORDINAL_POSITION;

--- preview: sales_daily
select "$Table"."sale_date" as "sale_date", "$Table"."year" as "year", "$Table"."quarter" as "quarter", "$Table"."month" as "month",
    "$Table"."day" as "day", "$Table"."category" as "category", "$Table"."product_id" as "product_id", "$Table"."product" as "product",
    "$Table"."region" as "region", "$Table"."state" as "state", "$Table"."sales" as "sales", "$Table"."units" as "units",
    "$Table"."lines" as "lines", "$Table"."orders" as "orders", "$Table"."customers" as "customers"
from "ecomm"."sales_daily" "$Table"
limit 1000;

--- preview: customer
select "$Table"."customer_id" as "customer_id", "$Table"."customer_name" as "customer_name", "$Table"."city" as "city",
    "$Table"."postal_code" as "postal_code", "$Table"."state" as "state", "$Table"."region" as "region", "$Table"."country" as "country",
    "$Table"."latitude" as "latitude", "$Table"."longitude" as "longitude"
from "ecomm"."customer" "$Table"
limit 1000;

--- card: all sales
select sum("rows"."sales") as "a0"
from "ecomm"."category_daily" "rows";

--- card: key figures over all
select sum("rows"."sales") as "a0",
    sum("rows"."orders") as "a1",
    max("rows"."average_order_value") as "a2"
from
(
    select "_"."grain", "_"."period", "_"."sales", "_"."orders", "_"."average_order_value"
    from "ecomm"."kpi" "_"
    where "_"."grain" = 'all'
) "rows";

--- card: this month beside the one before and the year before
select "_"."period", "_"."sales", "_"."sales_previous", "_"."sales_change", "_"."sales_year_before", "_"."sales_change_year",
    "_"."orders", "_"."units", "_"."average_order_value", "_"."items_per_order", "_"."active_customers"
from "ecomm"."kpi" "_"
where "_"."grain" = 'month' and cast(extract(year from "_"."period") as decimal) = cast(:year as decimal)
order by "_"."period"
limit 1000001;

--- donut: sales by category
select "_"."category",
    "_"."a0"
from
(
    select "rows"."category" as "category",
        sum("rows"."sales") as "a0"
    from "ecomm"."category_daily" "rows"
    group by "category"
) "_"
where not "_"."a0" is null
limit 1000001;

--- donut: sales by category, of the view with products
select "_"."category",
    "_"."a0"
from
(
    select "rows"."category" as "category",
        sum("rows"."sales") as "a0"
    from "ecomm"."sales_daily" "rows"
    group by "category"
) "_"
where not "_"."a0" is null
limit 1000001;

--- donut: sales by category, from the totals
select "_"."category",
    "_"."a0"
from
(
    select "rows"."category" as "category",
        sum("rows"."sales") as "a0"
    from "ecomm"."category_totals" "rows"
    group by "category"
) "_"
where not "_"."a0" is null
limit 1000001;

--- donut: sliced by regions and dates
select "_"."category",
    "_"."a0"
from
(
    select "rows"."category" as "category",
        sum("rows"."sales") as "a0"
    from
    (
        select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."category",
            "_"."region", "_"."state", "_"."sales", "_"."units", "_"."lines"
        from "ecomm"."category_daily" "_"
        where ((("_"."region" in (:'region', 'Unknown')) and "_"."sale_date" < date :'until') and "_"."sale_date" >= date :'from')
    ) "rows"
    group by "category"
) "_"
where not "_"."a0" is null
limit 1000001;

--- bars: units by state, sliced by year, month and category
select "_"."state",
    "_"."a0"
from
(
    select "rows"."state" as "state",
        sum("rows"."units") as "a0"
    from
    (
        select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."category",
            "_"."region", "_"."state", "_"."sales", "_"."units", "_"."lines"
        from "ecomm"."category_daily" "_"
        where ("_"."category" = :'category' and cast("_"."year" as decimal) = cast(:year as decimal))
            and cast("_"."month" as decimal) = cast(:month as decimal)
    ) "rows"
    group by "state"
) "_"
where not "_"."a0" is null
limit 1000001;

--- bars: sales by state
select "_"."state",
    "_"."a0"
from
(
    select "rows"."state" as "state",
        sum("rows"."sales") as "a0"
    from "ecomm"."category_daily" "rows"
    group by "state"
) "_"
where not "_"."a0" is null
limit 1000001;

--- bars: sales, orders and customers by state, from the totals
select "rows"."state_name" as "state_name",
    sum("rows"."sales") as "a0",
    sum("rows"."orders") as "a1",
    sum("rows"."customers") as "a2"
from "ecomm"."state_totals" "rows"
group by "state_name"
limit 1000001;

--- line: sales by day
select "_"."sale_date",
    "_"."a0"
from
(
    select "rows"."sale_date" as "sale_date",
        sum("rows"."sales") as "a0"
    from "ecomm"."category_daily" "rows"
    group by "sale_date"
) "_"
where not "_"."a0" is null
limit 1000001;

--- line: sales down the hierarchy of dates
select "rows"."year" as "year",
    "rows"."month" as "month",
    "rows"."day" as "day",
    sum("rows"."sales") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."category",
            "_"."region", "_"."state", "_"."sales", "_"."units", "_"."lines"
    from "ecomm"."category_daily" "_"
    where cast("_"."year" as decimal) = cast(:year as decimal) and cast("_"."month" as decimal) = cast(:month as decimal)
) "rows"
group by "year",
    "month",
    "day"
limit 1000001;

--- line: orders by day
select "rows"."sale_date" as "sale_date",
    sum("rows"."orders") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."level", "_"."category", "_"."region", "_"."state",
        "_"."sales", "_"."units", "_"."orders", "_"."customers"
    from "ecomm"."orders_daily" "_"
    where "_"."level" = 'total'
) "rows"
group by "sale_date"
limit 1000001;

--- line: customers of each region by day, sliced by year
select "rows"."sale_date" as "sale_date",
    "rows"."region" as "region",
    sum("rows"."customers") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."level", "_"."category", "_"."region", "_"."state",
        "_"."sales", "_"."units", "_"."orders", "_"."customers"
    from "ecomm"."orders_daily" "_"
    where "_"."level" = 'region' and cast("_"."year" as decimal) = cast(:year as decimal)
) "rows"
group by "sale_date",
    "region"
limit 1000001;

--- page: sales by category, sliced by regions and dates
select "rows"."category" as "category",
    sum("rows"."sales") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."level", "_"."category", "_"."region", "_"."state",
        "_"."sales", "_"."units", "_"."orders", "_"."customers"
    from "ecomm"."orders_daily" "_"
    where ((("_"."level" = 'category_region' and "_"."region" in (:'region', 'Unknown')) and "_"."sale_date" < date :'until')
        and "_"."sale_date" >= date :'from')
) "rows"
group by "category"
limit 1000001;

--- page: units by state, sliced by year
select "rows"."state" as "state",
    sum("rows"."units") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."level", "_"."category", "_"."region", "_"."state",
        "_"."sales", "_"."units", "_"."orders", "_"."customers"
    from "ecomm"."orders_daily" "_"
    where "_"."level" = 'state' and cast("_"."year" as decimal) = cast(:year as decimal)
) "rows"
group by "state"
limit 1000001;

--- page: sales and orders by month, sliced by category
select "rows"."year" as "year",
    "rows"."month" as "month",
    sum("rows"."sales") as "a0",
    sum("rows"."orders") as "a1"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."level", "_"."category", "_"."region", "_"."state",
        "_"."sales", "_"."units", "_"."orders", "_"."customers"
    from "ecomm"."orders_daily" "_"
    where "_"."level" = 'category_region' and "_"."category" = :'category'
) "rows"
group by "year",
    "month"
limit 1000001;

--- columns: orders and customers by month and category
select "rows"."period" as "period",
    "rows"."category" as "category",
    sum("rows"."orders") as "a0",
    sum("rows"."customers") as "a1"
from
(
    select "_"."grain", "_"."period", "_"."level", "_"."category", "_"."product_id", "_"."region", "_"."state", "_"."sales", "_"."units",
        "_"."orders", "_"."customers"
    from "ecomm"."sales_by_period" "_"
    where "_"."grain" = 'month' and "_"."level" = 'category'
) "rows"
group by "period",
    "category"
limit 1000001;

--- columns: the week
select "rows"."weekday" as "weekday",
    "rows"."weekday_name" as "weekday_name",
    sum("rows"."sales") as "a0"
from "ecomm"."weekday_profile" "rows"
group by "weekday",
    "weekday_name"
order by "weekday"
limit 1000001;

--- line: trend and outliers
select "rows"."sale_date" as "sale_date",
    sum("rows"."observed") as "a0",
    sum("rows"."trend") as "a1",
    sum("rows"."rolling_mean") as "a2",
    max(case when "rows"."is_outlier" then 1 else 0 end) as "a3"
from
(
    select "_"."metric", "_"."sale_date", "_"."observed", "_"."trend", "_"."seasonal", "_"."remainder", "_"."rolling_mean",
        "_"."is_outlier", "_"."is_complete"
    from "ecomm"."sales_trend" "_"
    where "_"."metric" = 'sales'
) "rows"
group by "sale_date"
limit 1000001;

--- line: history and forecast
select "rows"."sale_date" as "sale_date",
    sum("rows"."observed") as "a0",
    sum("rows"."forecast") as "a1",
    min("rows"."lower") as "a2",
    max("rows"."upper") as "a3"
from
(
    select "_"."metric", "_"."sale_date", "_"."kind", "_"."observed", "_"."forecast", "_"."value", "_"."lower", "_"."upper",
        "_"."lower_80", "_"."upper_80", "_"."method_used"
    from "ecomm"."sales_outlook" "_"
    where "_"."metric" = 'sales'
) "rows"
group by "sale_date"
limit 1000001;

--- line: what is expected, after the last days
select "rows"."sale_date" as "sale_date",
    sum("rows"."observed") as "a0",
    sum("rows"."forecast") as "a1",
    sum("rows"."lower_80") as "a2",
    sum("rows"."upper_80") as "a3"
from
(
    select "_"."metric", "_"."sale_date", "_"."kind", "_"."observed", "_"."forecast", "_"."value", "_"."lower", "_"."upper",
        "_"."lower_80", "_"."upper_80", "_"."method_used"
    from "ecomm"."sales_outlook" "_"
    where "_"."metric" = 'sales' and "_"."sale_date" > date :'from'
) "rows"
group by "sale_date"
limit 1000001;

--- table: outlier days (may be empty)
select "rows"."sale_date" as "sale_date",
    sum("rows"."observed") as "a0",
    sum("rows"."remainder") as "a1"
from
(
    select "_"."metric", "_"."sale_date", "_"."observed", "_"."trend", "_"."seasonal", "_"."remainder", "_"."rolling_mean",
        "_"."is_outlier", "_"."is_complete"
    from "ecomm"."sales_trend" "_"
    where "_"."metric" = 'units' and "_"."is_outlier" = true
) "rows"
group by "sale_date"
order by "sale_date" desc
limit 501;

--- slicer: dates
select "_"."sale_date" as "c2"
from
(
    select "sale_date",
        "_"."t0_0" as "t0_0",
        "_"."t1_0" as "t1_0"
    from
    (
        select "_"."sale_date",
            "_"."o0",
            "_"."t0_0",
            "_"."t1_0"
        from
        (
            select "_"."sale_date" as "sale_date",
                "_"."o0" as "o0",
                case
                    when "_"."o0" is not null
                    then "_"."o0"
                    else timestamp '1899-12-28 00:00:00'
                end as "t0_0",
                case
                    when "_"."o0" is null
                    then 0
                    else 1
                end as "t1_0"
            from
            (
                select "rows"."sale_date" as "sale_date",
                    "rows"."o0" as "o0"
                from
                (
                    select "sale_date" as "sale_date",
                        "sale_date" as "o0"
                    from "ecomm"."calendar" "$Table"
                ) "rows"
                group by "sale_date",
                    "o0"
            ) "_"
        ) "_"
    ) "_"
) "_"
order by "_"."t0_0",
        "_"."t1_0"
limit 501;

--- slicer: dates, of the flat view
select "rows"."sale_date" as "sale_date"
from "ecomm"."category_daily" "rows"
group by "sale_date"
order by "sale_date"
limit 501;

--- slicer: years
select "rows"."year" as "year"
from "ecomm"."category_daily" "rows"
group by "year"
order by "year"
limit 501;

--- slicer: months of the year
select "rows"."month" as "month",
    "rows"."quarter" as "quarter",
    count("rows"."sale_date") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."week", "_"."day", "_"."weekday", "_"."month_name",
        "_"."weekday_name", "_"."year_month", "_"."year_quarter", "_"."is_weekend", "_"."special_day"
    from "ecomm"."calendar" "_"
    where cast("_"."year" as decimal) = cast(:year as decimal) and cast("_"."quarter" as decimal) = cast(1 as decimal)
) "rows"
group by "month",
    "quarter"
limit 1000001;

--- slicer: days of a month
select "rows"."day" as "day"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."week", "_"."day", "_"."weekday", "_"."month_name",
        "_"."weekday_name", "_"."year_month", "_"."year_quarter", "_"."is_weekend", "_"."special_day"
    from "ecomm"."calendar" "_"
    where cast("_"."year" as decimal) = cast(:year as decimal) and cast("_"."month" as decimal) = cast(:month as decimal)
) "rows"
group by "day"
order by "day"
limit 501;

--- slicer: categories
select "rows"."category" as "category"
from "ecomm"."product" "rows"
group by "category"
order by "category"
limit 501;

--- slicer: regions
select "rows"."region" as "region"
from "ecomm"."state" "rows"
group by "region"
order by "region"
limit 501;

--- slicer: regions, of the flat view
select "rows"."region" as "region"
from "ecomm"."category_daily" "rows"
group by "region"
order by "region"
limit 501;

--- distinct count: customers
select count(distinct("rows"."customer_id")) + max(case
        when "rows"."customer_id" is null
        then 1
        else 0
    end) as "a0"
from "ecomm"."customer_segments" "rows";

--- distinct count: states that bought, sliced by category
select count(distinct("rows"."state")) + max(case
        when "rows"."state" is null
        then 1
        else 0
    end) as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."category",
            "_"."region", "_"."state", "_"."sales", "_"."units", "_"."lines"
    from "ecomm"."category_daily" "_"
    where "_"."category" = :'category'
) "rows";

--- top N: which products
select "_"."product",
    "_"."a0"
from
(
    select "rows"."product" as "product",
        sum("rows"."sales") as "a0"
    from "ecomm"."sales_daily" "rows"
    group by "product"
) "_"
where not "_"."a0" is null
order by "_"."a0" desc,
    "_"."product"
limit 501;

--- top N: their sales by year
select "rows"."product" as "product",
    "rows"."year" as "year",
    sum("rows"."sales") as "a0"
from
(
    select "_"."sale_date", "_"."year", "_"."quarter", "_"."month", "_"."day", "_"."category", "_"."product_id", "_"."product",
        "_"."region", "_"."state", "_"."sales", "_"."units", "_"."lines", "_"."orders", "_"."customers"
    from "ecomm"."sales_daily" "_"
    where "_"."product" in (:top)
) "rows"
group by "product",
    "year"
limit 1000001;

--- top N: products, from the totals
select "_"."product",
    "_"."a0"
from
(
    select "rows"."product" as "product",
        sum("rows"."sales") as "a0"
    from "ecomm"."product_totals" "rows"
    group by "product"
) "_"
where not "_"."a0" is null
order by "_"."a0" desc,
    "_"."product"
limit 501;

--- relationship: calendar
select "_"."semijoin1.c11" as "c11",
    "_"."a0" as "a0"
from
(
    select "rows"."semijoin1.c11" as "semijoin1.c11",
        sum(cast("rows"."basetable0.a0" as decimal)) as "a0"
    from
    (
        select "$Outer"."basetable0.a0",
            "$Inner"."semijoin1.c11"
        from
        (
            select "rows"."sale_date" as "basetable0.c2",
                sum("rows"."sales") as "basetable0.a0"
            from "ecomm"."category_daily" "rows"
            group by "sale_date"
        ) "$Outer"
        inner join
        (
            select "rows"."year_month" as "semijoin1.c11",
                "rows"."sale_date" as "semijoin1.c2"
            from
            (
                select "_"."sale_date", "_"."year_month"
                from "ecomm"."calendar" "_"
                where "_"."year" = :year
            ) "rows"
            group by "year_month",
                "sale_date"
        ) "$Inner" on ("$Outer"."basetable0.c2" = "$Inner"."semijoin1.c2" or "$Outer"."basetable0.c2" is null and "$Inner"."semijoin1.c2" is null)
    ) "rows"
    group by "semijoin1.c11"
) "_"
where not "_"."a0" is null
limit 1000001;

--- relationship: product
select "_"."semijoin1.c5" as "c5",
    "_"."a0" as "a0"
from
(
    select "rows"."semijoin1.c5" as "semijoin1.c5",
        sum(cast("rows"."basetable0.a0" as decimal)) as "a0"
    from
    (
        select "$Outer"."basetable0.a0",
            "$Inner"."semijoin1.c5"
        from
        (
            select "rows"."product_id" as "basetable0.c7",
                sum("rows"."units") as "basetable0.a0"
            from "ecomm"."sales_daily" "rows"
            group by "product_id"
        ) "$Outer"
        inner join
        (
            select "rows"."category" as "semijoin1.c5",
                "rows"."product_id" as "semijoin1.c7"
            from
            (
                select "_"."product_id", "_"."product", "_"."category"
                from "ecomm"."product" "_"
                where "_"."category" = :'category'
            ) "rows"
            group by "category",
                "product_id"
        ) "$Inner" on ("$Outer"."basetable0.c7" = "$Inner"."semijoin1.c7" or "$Outer"."basetable0.c7" is null and "$Inner"."semijoin1.c7" is null)
    ) "rows"
    group by "semijoin1.c5"
) "_"
where not "_"."a0" is null
limit 1000001;

--- relationship: orders by month of the calendar, each counted once
select "_"."semijoin1.c1" as "c1",
    "_"."semijoin1.c3" as "c3",
    "_"."a0" as "a0"
from
(
    select "rows"."semijoin1.c1" as "semijoin1.c1",
        "rows"."semijoin1.c3" as "semijoin1.c3",
        sum(cast("rows"."basetable0.a0" as decimal)) as "a0"
    from
    (
        select "$Outer"."basetable0.a0",
            "$Inner"."semijoin1.c1",
            "$Inner"."semijoin1.c3"
        from
        (
            select "rows"."period" as "basetable0.c1",
                sum("rows"."orders") as "basetable0.a0"
            from
            (
                select "_"."grain", "_"."period", "_"."level", "_"."category", "_"."product_id", "_"."region", "_"."state", "_"."sales",
                    "_"."units", "_"."orders", "_"."customers"
                from "ecomm"."sales_by_period" "_"
                where ("_"."grain" <> 'week' or "_"."grain" is null) and ("_"."grain" = 'month' and "_"."level" = 'total')
            ) "rows"
            group by "period"
        ) "$Outer"
        inner join
        (
            select "rows"."year" as "semijoin1.c1",
                "rows"."month" as "semijoin1.c3",
                "rows"."sale_date" as "semijoin1.c0"
            from "ecomm"."calendar" "rows"
            group by "year",
                "month",
                "sale_date"
        ) "$Inner" on ("$Outer"."basetable0.c1" = "$Inner"."semijoin1.c0" or "$Outer"."basetable0.c1" is null and "$Inner"."semijoin1.c0" is null)
    ) "rows"
    group by "semijoin1.c1",
        "semijoin1.c3"
) "_"
where not "_"."a0" is null
limit 1000001;

--- relationship: orders of the categories in a year
select "_"."basetable0.c3" as "c3",
    "_"."a0" as "a0"
from
(
    select "rows"."basetable0.c3" as "basetable0.c3",
        sum(cast("rows"."basetable0.a0" as decimal)) as "a0"
    from
    (
        select "$Outer"."basetable0.c3",
            "$Outer"."basetable0.a0"
        from
        (
            select "rows"."period" as "basetable0.c1",
                "rows"."category" as "basetable0.c3",
                sum("rows"."orders") as "basetable0.a0"
            from
            (
                select "_"."grain", "_"."period", "_"."level", "_"."category", "_"."product_id", "_"."region", "_"."state", "_"."sales",
                    "_"."units", "_"."orders", "_"."customers"
                from "ecomm"."sales_by_period" "_"
                where ("_"."grain" <> 'week' or "_"."grain" is null)
                    and (("_"."grain" = 'year' and "_"."level" = 'category') and "_"."category" in (:'category', 'Unknown'))
            ) "rows"
            group by "period",
                "category"
        ) "$Outer"
        inner join
        (
            select "_"."sale_date" as "semijoin1.c0"
            from "ecomm"."calendar" "_"
            where cast("_"."year" as decimal) = cast(:year as decimal)
        ) "$Inner" on ("$Outer"."basetable0.c1" = "$Inner"."semijoin1.c0" or "$Outer"."basetable0.c1" is null and "$Inner"."semijoin1.c0" is null)
    ) "rows"
    group by "basetable0.c3"
) "_"
where not "_"."a0" is null
limit 1000001;

--- card: complete months beside the months before
select "rows"."period" as "period",
    sum("rows"."sales") as "a0",
    sum("rows"."sales_previous") as "a1",
    sum("rows"."sales_year_before") as "a2",
    count(1) as "a3"
from
(
    select "_"."grain", "_"."period", "_"."period_end", "_"."is_complete", "_"."sales", "_"."units", "_"."orders", "_"."active_customers",
        "_"."average_order_value", "_"."items_per_order", "_"."sales_previous", "_"."orders_previous", "_"."active_customers_previous",
        "_"."sales_change", "_"."sales_year_before", "_"."orders_year_before", "_"."active_customers_year_before", "_"."sales_change_year"
    from "ecomm"."kpi" "_"
    where "_"."grain" = 'month' and "_"."is_complete" = true
) "rows"
group by "period"
limit 1000001;

--- table: regions
select "rows"."region" as "region",
    sum("rows"."sales") as "a0",
    sum("rows"."orders") as "a1",
    sum("rows"."sales_share") as "a2"
from "ecomm"."region_totals" "rows"
group by "region"
limit 1000001;

--- table: cities
select "_"."city",
    "_"."state",
    "_"."a0"
from
(
    select "rows"."city" as "city",
        "rows"."state" as "state",
        sum("rows"."sales") as "a0"
    from "ecomm"."city_totals" "rows"
    group by "city",
        "state"
) "_"
where not "_"."a0" is null
order by "_"."a0" desc,
    "_"."city",
    "_"."state"
limit 501;

--- table: freshness
select "$Table"."first_day" as "first_day", "$Table"."last_day" as "last_day", "$Table"."snapshot_day" as "snapshot_day",
    "$Table"."lines" as "lines", "$Table"."refreshed_at_utc" as "refreshed_at_utc", "$Table"."failed_steps" as "failed_steps"
from "ecomm"."freshness" "$Table"
limit 1000001;

--- table: customers with their segments
select "_"."customer_id" as "c1",
    "_"."recency" as "c2",
    "_"."frequency" as "c3",
    "_"."monetary" as "c4",
    "_"."segment" as "c5"
from
(
    select "rows"."customer_id" as "customer_id",
        "rows"."recency" as "recency",
        "rows"."frequency" as "frequency",
        "rows"."monetary" as "monetary",
        "rows"."segment" as "segment"
    from "ecomm"."customer_segments" "rows"
    group by "customer_id",
        "recency",
        "frequency",
        "monetary",
        "segment"
) "_"
order by "_"."customer_id",
        "_"."recency"
limit 501;

--- table: customers of one segment
select "_"."customer_id" as "c1",
    "_"."a0" as "c2"
from
(
    select "rows"."customer_id" as "customer_id",
        sum("rows"."monetary") as "a0"
    from
    (
        select "_"."customer_id", "_"."customer_name", "_"."recency", "_"."frequency", "_"."monetary", "_"."r_score", "_"."f_score",
            "_"."m_score", "_"."rfm_score", "_"."segment", "_"."cluster", "_"."cluster_name", "_"."first_purchase", "_"."last_purchase",
            "_"."city", "_"."state", "_"."region"
        from "ecomm"."customer_segments" "_"
        where "_"."segment" = :'segment'
    ) "rows"
    group by "customer_id"
) "_"
where not "_"."a0" is null
order by "_"."a0" desc,
    "_"."customer_id"
limit 501;

--- bars: customers by segment
select "rows"."segment" as "segment",
    sum("rows"."customers") as "a0",
    sum("rows"."sales") as "a1"
from "ecomm"."segment_summary" "rows"
group by "segment"
limit 1000001;

--- bars: customers by segment, sliced by state
select "rows"."segment" as "segment",
    count(1) as "a0"
from
(
    select "_"."customer_id", "_"."customer_name", "_"."recency", "_"."frequency", "_"."monetary", "_"."r_score", "_"."f_score",
        "_"."m_score", "_"."rfm_score", "_"."segment", "_"."cluster", "_"."cluster_name", "_"."first_purchase", "_"."last_purchase",
        "_"."city", "_"."state", "_"."region"
    from "ecomm"."customer_segments" "_"
    where "_"."region" = :'region'
) "rows"
group by "segment"
limit 1000001;

--- bars: clusters
select "rows"."cluster_name" as "cluster_name",
    sum("rows"."customers") as "a0",
    sum("rows"."sales_share") as "a1"
from "ecomm"."cluster_summary" "rows"
group by "cluster_name"
limit 1000001;

--- matrix: moves between segments (may be empty)
select "rows"."from_segment" as "from_segment",
    "rows"."to_segment" as "to_segment",
    sum("rows"."customers") as "a0"
from "ecomm"."segment_migration" "rows"
group by "from_segment",
    "to_segment"
limit 1000001;

--- line: segments over time
select "rows"."snapshot_day" as "snapshot_day",
    "rows"."segment" as "segment",
    sum("rows"."customers") as "a0"
from "ecomm"."segment_history" "rows"
group by "snapshot_day",
    "segment"
limit 1000001;

--- table: models
select "$Table"."id" as "id", "$Table"."name" as "name", "$Table"."version" as "version", "$Table"."kind" as "kind",
    "$Table"."created_by" as "created_by", "$Table"."created_at" as "created_at", "$Table"."source" as "source",
    "$Table"."active" as "active", "$Table"."k" as "k", "$Table"."members" as "members", "$Table"."silhouette" as "silhouette",
    "$Table"."davies_bouldin" as "davies_bouldin", "$Table"."calinski_harabasz" as "calinski_harabasz", "$Table"."inertia" as "inertia"
from "ecomm"."model_registry" "$Table"
order by "$Table"."id"
limit 1000001;
