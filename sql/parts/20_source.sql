
-- Where sale lines come from --------------------------------------------------------------------------

CREATE TABLE ecomm.binding (
  role text PRIMARY KEY,
  relation text NOT NULL,
  expression text,
  type text,
  note text NOT NULL,
  position integer NOT NULL
);
SELECT pg_catalog.pg_extension_config_dump('ecomm.binding', '');
GRANT SELECT ON ecomm.binding TO PUBLIC;
COMMENT ON TABLE ecomm.binding IS
  'What ecomm_bind understood: for each role the relation and the column or expression it is read from (NULL: there is none). '
  'Written by ecomm_bind alone. The view ecomm.sale_line does not depend on it; but the tables of customers, products and states '
  'are read as it says, if the owner of the view may select from them.';

CREATE FUNCTION ecomm._exact_numeric(float8) RETURNS numeric
  AS 'MODULE_PATHNAME', 'ecomm_exact_numeric_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ecomm._exact_numeric(float4) RETURNS numeric
  AS 'MODULE_PATHNAME', 'ecomm_exact_numeric_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ecomm._exact_numeric(float8) IS
  'The shortest decimal that reads back as this float; NaN and infinities give NaN. Internal: amounts kept as floats.';
COMMENT ON FUNCTION ecomm._exact_numeric(float4) IS
  'The shortest decimal that reads back as this float; NaN and infinities give NaN. Internal: amounts kept as floats.';

CREATE FUNCTION ecomm_bind(
  sale regclass DEFAULT NULL,
  sold_at text DEFAULT NULL,
  customer_id text DEFAULT NULL,
  invoice_no text DEFAULT NULL,
  product_id text DEFAULT NULL,
  quantity text DEFAULT NULL,
  amount text DEFAULT NULL,
  unit_price text DEFAULT NULL,
  customer regclass DEFAULT NULL,
  product regclass DEFAULT NULL,
  state regclass DEFAULT NULL
) RETURNS TABLE (role text, relation text, expression text, type text, note text)
  AS 'MODULE_PATHNAME', 'ecomm_bind' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000 ROWS 20;
COMMENT ON FUNCTION ecomm_bind(regclass, text, text, text, text, text, text, text, regclass, regclass, regclass) IS
  'Binds a sale table of any shape: finds the column of each role by name and type, checks on the data whether the money '
  'column is the total of a line or a unit price, and makes the view ecomm.sale_line, which all else reads. Returns one row '
  'per role: what it is read from and why, and which columns of lesser names, that would have done too, were passed over. A '
  'role can be stated as a column or as an SQL expression over the table (names in it resolve in pg_catalog unless '
  'qualified); an empty text says there is none. sale: the table or view, default sale on the search path. customer, '
  'product, state: its dimension tables, default those so named (or in the plural) in its schema, if the caller may read '
  'them. Customers and products are joined to the sale table, states to the state of the customer, by the column of the '
  'same name on both sides or else one known as a key. Up to 1,000 distinct keys from the first 10,000 lines are looked up. '
  'A table taken by default is left out, and the note of its key says why, if none of them occurs in it, if the kinds of '
  'key (number, text, uuid) differ, or if its key cannot be told; one that was passed is joined, as text if the kinds '
  'differ, and the note says how many keys were found, if not all. What cannot be told for certain is an error that lists '
  'the candidates. Needs CREATE on the schema ecomm.';

CREATE FUNCTION ecomm_source(sale regclass DEFAULT NULL)
  RETURNS TABLE (role text, relation text, expression text, type text, note text)
  AS 'MODULE_PATHNAME', 'ecomm_source' LANGUAGE C STABLE PARALLEL UNSAFE COST 10000 ROWS 7;
COMMENT ON FUNCTION ecomm_source(regclass) IS
  'How a sale table is read, without binding it: one row per role, as ecomm_bind returns them. Every function that takes a '
  'sale table reads it this way. sale: default the bound one, else sale on the search path. The money column is checked on '
  'the first 10,000 lines. Errors: as ecomm_bind.';

CREATE FUNCTION ecomm_unbind() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ecomm_unbind' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm_unbind() IS
  'Drops the view ecomm.sale_line and forgets the binding; false if there was none. Objects that depend on the view are an error.';
COMMENT ON COLUMN ecomm.binding.role IS 'what the column means: sold_at, customer_id, ...';
COMMENT ON COLUMN ecomm.binding.relation IS 'the table it comes from, qualified';
COMMENT ON COLUMN ecomm.binding.expression IS 'the column, or the SQL expression over the table';
COMMENT ON COLUMN ecomm.binding.type IS 'its type in ecomm.sale_line';
COMMENT ON COLUMN ecomm.binding.note IS 'why this one, and what was checked on the data';
COMMENT ON COLUMN ecomm.binding.position IS 'order of the roles';
