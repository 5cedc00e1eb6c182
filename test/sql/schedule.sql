-- Scheduling where pg_cron is not: told what to do, by the role that asks. With pg_cron: test/t/schedule.pl.
\set SHOW_CONTEXT never
SELECT * FROM ecomm_schedule();
SELECT * FROM ecomm_schedule(refresh => NULL, retrain => NULL, cleanup => NULL);
SELECT ecomm_unschedule();
CREATE ROLE regress_scheduler;
SET ROLE regress_scheduler;
SELECT * FROM ecomm_schedule();
CALL ecomm_cleanup();
RESET ROLE;
DROP ROLE regress_scheduler;

-- what would have to run in the database that has pg_cron: one statement a line
CREATE FUNCTION commands(refresh text, retrain text, cleanup text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT replace(replace(command, quote_literal(current_user), '''the caller'''), current_database(), 'this_database')
  FROM regexp_split_to_table(ecomm._cron_commands(refresh, retrain, cleanup), E'\n') AS command
$$;
SELECT commands('17 2 * * *', NULL, '5 3 * * *');
SELECT commands(NULL, '40 2 * * 0', NULL);

-- old runs go, young ones and one that is older by less stay
INSERT INTO ecomm.refresh_run (run, step, started_at)
SELECT -days, 'lines', now() - days * interval '1 day' + interval '1 hour' FROM unnest('{1, 90, 91}'::integer[]) AS days;
CALL ecomm_cleanup();
SELECT run FROM ecomm.refresh_run ORDER BY run;
CALL ecomm_cleanup(days => 30);
SELECT run FROM ecomm.refresh_run ORDER BY run;
CALL ecomm_cleanup(0);
SELECT run FROM ecomm.refresh_run;
CALL ecomm_cleanup(-1);
CALL ecomm_cleanup(90, NULL);
