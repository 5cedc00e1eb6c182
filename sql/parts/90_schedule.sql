
-- Jobs for pg_cron -------------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._jobs(refresh text, retrain text, cleanup text)
RETURNS TABLE (job text, schedule text, command text)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT part.name, part.schedule, format('CALL %s.%I()', '@extschema@', part.name)
  FROM (VALUES ('ecomm_refresh', refresh), ('ecomm_retrain', retrain), ('ecomm_cleanup', cleanup)) AS part (name, schedule)
$$;
COMMENT ON FUNCTION ecomm._jobs(text, text, text) IS 'internal: the jobs of ecomm_schedule; schedule is NULL for one that is not to be';

CREATE FUNCTION ecomm._cron_commands(refresh text, retrain text, cleanup text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  -- A job's name has 63 bytes at most, and here it names the database too.
  WITH job AS (
    SELECT job || '_' || CASE WHEN octet_length(current_database()) <= 49 THEN current_database()::text ELSE md5(current_database()) END AS name,
           schedule, command, true AS here
    FROM ecomm._jobs(refresh, retrain, cleanup)
  ), log AS (
    SELECT replace(name, 'ecomm_cleanup_', 'ecomm_job_log_'), schedule,
           format('DELETE FROM cron.job_run_details WHERE database = %L AND command IN (%s) AND end_time < now() - interval ''30 days''',
                  current_database(), (SELECT string_agg(quote_literal(command), ', ') FROM job)), false
    FROM job WHERE name LIKE 'ecomm\_cleanup\_%'
  )
  SELECT string_agg(
           CASE WHEN schedule IS NULL AND here THEN
                  format('SELECT cron.unschedule(jobid) FROM cron.job WHERE jobname = %L AND username = %L;', name, current_user)
                WHEN schedule IS NULL THEN
                  format('SELECT cron.unschedule(jobid) FROM cron.job WHERE jobname = %L AND username = current_user;', name)
                WHEN here THEN
                  format('SELECT cron.schedule_in_database(%L, %L, %L, %L, %L);', name, schedule, command, current_database(), current_user)
                ELSE format('SELECT cron.schedule(%L, %L, %L);', name, schedule, command)
           END, E'\n')
  FROM (TABLE job UNION ALL TABLE log) AS part
$$;
COMMENT ON FUNCTION ecomm._cron_commands(text, text, text) IS
  'internal: what to run in pg_cron''s own database for the jobs of this one, which from here cannot be reached';

CREATE FUNCTION ecomm._require_cron(refresh text, retrain text, cleanup text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  libraries text;
  home text;
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') THEN
    IF NOT has_schema_privilege('cron', 'USAGE') THEN
      RAISE EXCEPTION 'permission denied to schedule jobs' USING ERRCODE = 'insufficient_privilege',
        HINT = format('A superuser may run: GRANT USAGE ON SCHEMA cron TO %I', current_user);
    ELSIF NOT (SELECT rolcanlogin FROM pg_roles WHERE rolname = current_user) THEN
      RAISE EXCEPTION 'pg_cron cannot run jobs as role "%"', current_user USING ERRCODE = 'object_not_in_prerequisite_state',
        DETAIL = 'Jobs log in as the role that scheduled them, and this one may not log in.',
        HINT = format('ALTER ROLE %I LOGIN, or schedule as a role that may.', current_user);
    END IF;
    RETURN;
  END IF;

  BEGIN
    libraries := current_setting('shared_preload_libraries');
    home := current_setting('cron.database_name', true);
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'pg_cron is not in database "%"', current_database() USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'What to do depends on settings that you may not read: a superuser, or a member of pg_read_all_settings, is told by the same call.';
  END;

  IF libraries !~ '\mpg_cron\M' THEN
    RAISE EXCEPTION 'pg_cron is not loaded' USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('Only schedules need it: any other scheduler can run "CALL %s.ecomm_refresh()".', '@extschema@'),
      HINT = format(E'Install it (Debian: postgresql-%s-cron), put this into postgresql.conf, and restart the server:\n'
                    'shared_preload_libraries = %L\ncron.database_name = %L\nThen, in this database, as a superuser: CREATE EXTENSION pg_cron;',
                    current_setting('server_version_num')::integer / 10000, concat_ws(',', nullif(libraries, ''), 'pg_cron'), current_database());
  ELSIF home = current_database() THEN
    RAISE EXCEPTION 'pg_cron is loaded, but its extension is not created' USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'As a superuser: CREATE EXTENSION pg_cron;';
  END IF;
  RAISE EXCEPTION 'pg_cron is not in database "%"', current_database() USING ERRCODE = 'object_not_in_prerequisite_state',
    DETAIL = format('Its jobs are all kept in database "%s" (setting cron.database_name).', home),
    HINT = format(E'Run this there, as a superuser (after CREATE EXTENSION pg_cron):\n%s', ecomm._cron_commands(refresh, retrain, cleanup));
END
$$;
COMMENT ON FUNCTION ecomm._require_cron(text, text, text) IS
  'internal: an error that says what to do, unless the caller can schedule pg_cron jobs in this database';

CREATE FUNCTION ecomm_schedule(refresh text = '17 2 * * *', retrain text = '40 2 * * 0', cleanup text = '5 3 * * *')
RETURNS TABLE (job text, schedule text, command text, run_as text, active boolean)
LANGUAGE plpgsql VOLATILE ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted record;
BEGIN
  PERFORM ecomm._require_cron(refresh, retrain, cleanup);
  FOR wanted IN SELECT * FROM ecomm._jobs(refresh, retrain, cleanup) LOOP
    IF wanted.schedule IS NULL THEN
      PERFORM cron.unschedule(present.jobid) FROM cron.job AS present WHERE present.jobname = wanted.job AND present.username = current_user;
    ELSE
      BEGIN
        PERFORM cron.schedule(wanted.job, wanted.schedule, wanted.command);
      EXCEPTION WHEN invalid_parameter_value THEN
        RAISE EXCEPTION 'invalid schedule for %: "%"', wanted.job, wanted.schedule USING ERRCODE = 'invalid_parameter_value',
          DETAIL = 'A schedule is five fields: minute, hour, day of month, month, day of week.',
          HINT = 'For example 17 2 * * * for 02:17 every day, 40 2 * * 0 for 02:40 on Sundays, */15 * * * * for every quarter of an hour.';
      END;
    END IF;
  END LOOP;
  RETURN QUERY
    SELECT part.job, present.schedule, present.command, present.username, present.active
    FROM ecomm._jobs(refresh, retrain, cleanup) WITH ORDINALITY AS part (job, schedule, command, position)
    JOIN cron.job AS present ON present.jobname = part.job AND present.username = current_user
    ORDER BY part.position;
END
$$;
COMMENT ON FUNCTION ecomm_schedule(text, text, text) IS
$$Registers jobs with pg_cron: ecomm_refresh, ecomm_retrain and ecomm_cleanup, each a CALL of the procedure so named. A schedule has
five fields (minute, hour, day of month, month, day of week), in GMT unless pg_cron is set otherwise. NULL: no such job; one that is
there is removed. Calling it again changes the jobs; one that was paused (cron.alter_job) stays so. Returns the jobs as they are now.
Jobs run as the role that calls this: pg_cron must be able to log in as it (see cron.host and pg_hba.conf), and no retry follows a
failure; cron.job_run_details tells. Call ecomm_unschedule() before dropping the extension: the jobs are pg_cron's.
Errors: pg_cron is not there (the hint says what to do; nothing else in this extension needs it), no right to schedule, a role that
cannot log in, a schedule pg_cron does not take.$$;

CREATE FUNCTION ecomm_unschedule() RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  removed bigint;
BEGIN
  PERFORM ecomm._require_cron(NULL, NULL, NULL);
  SELECT count(cron.unschedule(present.jobid)) INTO removed
  FROM cron.job AS present JOIN ecomm._jobs(NULL, NULL, NULL) AS part ON part.job = present.jobname
  WHERE present.username = current_user;
  RETURN removed;
END
$$;
COMMENT ON FUNCTION ecomm_unschedule() IS
  'Removes the caller''s jobs that ecomm_schedule registered, and returns how many there were. Errors: as ecomm_schedule.';

CREATE PROCEDURE ecomm_cleanup(days integer = 90, job_days integer = 30)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- A refresh at work has rows to finish; a row of one that was cut off says that it is running, too.
  idle boolean := pg_try_advisory_xact_lock(1701012333, 1);
BEGIN
  IF days IS NULL OR days < 0 OR job_days IS NULL OR job_days < 0 THEN
    RAISE EXCEPTION 'days and job_days must not be negative' USING ERRCODE = 'invalid_parameter_value',
      DETAIL = format('They are %s and %s.', coalesce(days::text, 'NULL'), coalesce(job_days::text, 'NULL'));
  END IF;
  DELETE FROM ecomm.refresh_run AS run WHERE run.started_at < now() - make_interval(days => days) AND (run.status <> 'running' OR idle);
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') AND has_schema_privilege('cron', 'USAGE') THEN
    DELETE FROM cron.job_run_details AS run
    WHERE run.database = current_database() AND run.username = current_user
      AND run.command IN (SELECT part.command FROM ecomm._jobs(NULL, NULL, NULL) AS part)
      AND run.end_time < now() - make_interval(days => job_days);
  END IF;
END
$$;
COMMENT ON PROCEDURE ecomm_cleanup(integer, integer) IS
$$Deletes what the logs no longer need: runs in ecomm.refresh_run that began more than `days` days ago, and pg_cron's records of the
caller's jobs by ecomm_schedule that ended more than `job_days` days ago, which pg_cron itself keeps for ever. 0: all. Errors: a
negative number of days, no right to delete.$$;

CREATE FUNCTION ecomm._train_again(model text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  trained record;
  source regclass;
BEGIN
  SELECT stored.kind, stored.source, stored.parameters, stored.document INTO trained
  FROM ecomm.model AS stored WHERE stored.name = model AND stored.active
  ORDER BY stored.created_by = current_user DESC, stored.created_by LIMIT 1;
  IF NOT FOUND THEN
    RETURN @extschema@.kmeans_train(name => model);
  ELSIF trained.kind <> 'kmeans' THEN
    RAISE EXCEPTION 'model "%" is of kind %, not kmeans', model, trained.kind USING ERRCODE = 'wrong_object_type';
  END IF;

  source := to_regclass(trained.source);
  IF trained.source IS NOT NULL AND source IS NULL THEN
    RAISE EXCEPTION 'model "%" was trained on %, which is not there any more', model, trained.source USING ERRCODE = 'undefined_table',
      HINT = 'Train a version on what there is: kmeans_train(name => ''...'', source => ...).';
  END IF;
  -- Weights that make a cluster good are not kept with a model. By others than the customary ones the clusters would change places.
  IF EXISTS (
    SELECT FROM (
      SELECT value, lag(value) OVER (ORDER BY cluster) AS better
      FROM (SELECT cluster.ordinality AS cluster,
                   sum(CASE WHEN lower(feature.value ->> 'name') = 'recency' THEN -1 ELSE 1 END * coordinate.value::float8) AS value
            FROM jsonb_array_elements(trained.document -> 'clusters') WITH ORDINALITY AS cluster
            CROSS JOIN LATERAL jsonb_array_elements_text(cluster.value -> 'centroid') WITH ORDINALITY AS coordinate
            JOIN jsonb_array_elements(trained.document -> 'features') WITH ORDINALITY AS feature ON feature.ordinality = coordinate.ordinality
            GROUP BY cluster.ordinality) AS valued) AS neighbour
    WHERE value > better + 1e-6
  ) THEN
    RAISE EXCEPTION 'the clusters of model "%" are in an order of their own', model USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = 'It was trained with value_weights, or elsewhere; these are not kept, and without them clusters would change their names.',
      HINT = 'Train a version with kmeans_train(name => ..., value_weights => ...), and schedule that instead of ecomm_retrain.';
  END IF;

  RETURN @extschema@.kmeans_train(
    source => source,
    k => jsonb_array_length(trained.document -> 'clusters'),
    features => ARRAY(SELECT value ->> 'name' FROM jsonb_array_elements(trained.document -> 'features') WITH ORDINALITY ORDER BY ordinality),
    transform => coalesce(trained.parameters ->> 'transform', trained.document -> 'features' -> 0 ->> 'transform'),
    name => model,
    cluster_names => ARRAY(SELECT value ->> 'name' FROM jsonb_array_elements(trained.document -> 'clusters') WITH ORDINALITY ORDER BY ordinality),
    n_init => coalesce((trained.parameters ->> 'n_init')::integer, 10),
    max_iter => coalesce((trained.parameters ->> 'max_iter')::integer, 300),
    tol => coalesce((trained.parameters ->> 'tol')::double precision, 1e-4),
    seed => coalesce((trained.parameters ->> 'seed')::bigint, 42));
END
$$;
COMMENT ON FUNCTION ecomm._train_again(text) IS
  'internal: trains the active version of a k-means model anew, as it was trained; by the defaults where there is none. Returns the id of the new version';

CREATE PROCEDURE ecomm_retrain(model text = 'default')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1701012333, 1);
  PERFORM ecomm._train_again(model);
  IF EXISTS (SELECT FROM ecomm._refresh_state AS s WHERE s.lines IS NOT NULL) THEN
    PERFORM ecomm._refresh_segments(model);
    PERFORM ecomm._refresh_segment_summary();
    PERFORM ecomm._take_segment_snapshot();
  END IF;
END
$$;
COMMENT ON PROCEDURE ecomm_retrain(text) IS
$$Trains a k-means model anew on the sales as they are now, and makes that its active version: source, number of clusters, features,
transform, names and options are those of the active version; where there is none, the defaults of kmeans_train. After a refresh, the
views for dashboards have the new clusters at once, and a snapshot of the segments is taken. Waits for a refresh that is running. Errors: a model of another kind, one whose source is gone, one trained with value_weights, and those of kmeans_train.$$;
