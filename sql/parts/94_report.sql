
-- A report as one page --------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm_report(from_date date = NULL, to_date date = NULL, title text = NULL, quality boolean = false)
RETURNS text
LANGUAGE c STABLE PARALLEL UNSAFE COST 1000000 AS 'MODULE_PATHNAME', 'ecomm_report';
COMMENT ON FUNCTION ecomm_report(date, date, text, boolean) IS
$$A report on the shop as one HTML page, to be kept in a file: psql -Atc 'SELECT ecomm_report()' > report.html. It loads nothing and runs
nothing, suits light and dark screens, phones and paper, and has every number of its pictures in a table too. The page is plain ASCII.

from_date, to_date: the days it is about, both included; NULL: from the first sale to the last. title: its heading; NULL or blank: Sales report. quality:
also what sales_quality() finds in the sale lines, which takes a while; where the caller may not read them, the page says so.

It is made of the views for dashboards alone, as of the last ecomm_refresh(): who may read these may call it. Sales and units add up over days,
whatever the range; orders and customers are counted once each for days, weeks, months, quarters, years and all days together. For other ranges,
the page says in a note how they were counted, and customers are left out where they cannot be known. Trend and forecast are daily; forecasts are
shown where the range reaches the last sale. Segments and clusters are as of the last sale. Of more than 1,500 customers in clusters, the map
draws 1,500, chosen by a hash of their keys.
Errors: from_date after to_date, no views yet, no privilege on them.$$;
