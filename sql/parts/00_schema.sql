
-- Relations people read live here; functions they call are in the schema chosen at CREATE EXTENSION.
CREATE SCHEMA ecomm;
GRANT USAGE ON SCHEMA ecomm TO PUBLIC;
COMMENT ON SCHEMA ecomm IS 'ecomm_analytics: sale lines, models, segments and views for dashboards';
