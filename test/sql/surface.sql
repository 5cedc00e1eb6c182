-- The surface other people's queries stand on: names, labels, comments, rights.
\a
CREATE TEMP VIEW member AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'ecomm_analytics');

-- what users call
SELECT p.oid::regprocedure AS function, pg_get_function_result(p.oid) AS result
FROM member JOIN pg_proc AS p ON p.oid = objid AND classid = 'pg_proc'::regclass
WHERE p.proname NOT LIKE '\_%'
ORDER BY p.proname, p.oid::regprocedure::text COLLATE "C";

-- what users read
SELECT c.oid::regclass AS relation, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type
FROM member JOIN pg_class AS c ON c.oid = objid AND classid = 'pg_class'::regclass AND relkind IN ('r', 'v', 'm', 'p')
     JOIN pg_attribute AS a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE c.relname NOT LIKE '\_%'
ORDER BY c.relname, a.attnum;

-- every function, relation and column says what it is
SELECT object FROM member
WHERE classid IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_namespace'::regclass)
  AND obj_description(objid, classid::regclass::text) IS NULL
  AND NOT EXISTS (SELECT FROM pg_class WHERE oid = objid AND classid = 'pg_class'::regclass AND relkind NOT IN ('r', 'v'))
ORDER BY 1;
SELECT object, attname FROM member JOIN pg_attribute ON attrelid = objid AND attnum > 0 AND NOT attisdropped
WHERE classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relkind IN ('r', 'v'))
  AND col_description(objid, attnum) IS NULL
ORDER BY 1, 2;

-- nothing runs with rights other than the caller's, and nobody's search_path decides what an SQL body means
SELECT p.oid::regprocedure AS function, prosecdef, l.lanname, proconfig
FROM member JOIN pg_proc AS p ON p.oid = objid AND classid = 'pg_proc'::regclass JOIN pg_language AS l ON l.oid = prolang
-- A procedure that commits cannot carry a setting: it pins the path in each of its transactions.
WHERE prosecdef OR (lanname NOT IN ('c', 'internal') AND prokind <> 'p' AND NOT coalesce(proconfig::text LIKE '%search_path%', false))
ORDER BY 1;

-- what writes is volatile; what is immutable takes no relation
SELECT p.oid::regprocedure AS function, provolatile
FROM member JOIN pg_proc AS p ON p.oid = objid AND classid = 'pg_proc'::regclass
WHERE (provolatile <> 'v' AND proname ~ '(train|import|activate|drop|bind|unbind|reset|sample_data)$')
   OR (provolatile = 'i' AND 'regclass'::regtype = ANY (proargtypes))
ORDER BY 1;
