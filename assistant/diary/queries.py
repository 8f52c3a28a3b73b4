"""Every question that is asked of the diary. Those of the start path come first: they look at the newest few rows
by an index, so that a long history does not make a slow start (a test reads their query plans)."""

from assistant.red_flags import LEVELS

# ---------------------------------------------------------------- start path

NEWEST_SESSIONS = 12
"""So many sessions of an exercise are looked at to make a suggestion."""

NEWEST_NUMBERS = 24
"""Among so many numbers of sessions, what was recorded here is found though its clock was wrong."""

OPEN_SESSION = """
    SELECT session.*, live.at AS live_at, live.phase, live.set_number, live.side, live.reps AS live_reps,
           live.load_kg AS live_load_kg, live.tempo AS live_tempo
    FROM session JOIN live ON live.session = session.id
    WHERE session.reason = '' ORDER BY +session.id DESC LIMIT 1  -- with the +, SQLite keeps to the index session_open
"""

SESSIONS = "SELECT id, started, utc_offset_seconds, reason, exercise, variation FROM session"

SESSIONS_BY_NUMBER = f"{SESSIONS} WHERE id > (SELECT max(id) FROM session) - :many"

SESSIONS_BY_TIME = f"{SESSIONS} ORDER BY started DESC LIMIT :many"

SESSIONS_OF_EXERCISE = f"""
    {SESSIONS} WHERE exercise = :exercise AND variation = :variation ORDER BY started DESC LIMIT :many
"""

SESSION_OF_NUMBER = f"{SESSIONS} WHERE id = :session"

WORK_OF_SESSION = "SELECT * FROM work WHERE session = :session ORDER BY set_number, at"

PAIN_OF_SESSION = "SELECT side, score, level, words FROM pain WHERE session = :session ORDER BY id"

SESSIONS_BETWEEN = "SELECT id FROM session WHERE started > :since AND started <= :until"

FIRST_SESSION = "SELECT started FROM session ORDER BY started LIMIT 1"

PAIN = """
    SELECT pain.*, EXISTS (SELECT 1 FROM morning WHERE morning.pain = pain.id) AS morning_asked,
           (SELECT score FROM morning WHERE morning.pain = pain.id ORDER BY id DESC LIMIT 1) AS morning_score,
           EXISTS (SELECT 1 FROM pain_lock AS lock WHERE lock.session = pain.session
                   AND lock.side IN (pain.side, '')) AS has_lock
    FROM pain
"""

PAIN_BY_NUMBER = f"{PAIN} WHERE session > (SELECT max(id) FROM session) - :many AND level <> 'normal'"

PAIN_BY_TIME = f"{PAIN} WHERE side = :side AND level <> 'normal' ORDER BY at DESC LIMIT 2"

HURT_IN_SESSION = "SELECT 1 FROM pain WHERE session = :session AND side = :side AND level <> 'normal' LIMIT 1"

LOCKED_SIDES = """
    SELECT side, max(at) AS at, max(session IS NULL OR reason = :first) AS needs_doctor FROM pain_lock
    WHERE unlocked_at IS NULL GROUP BY side
"""

FIRST_ANSWER = """
    SELECT 1 FROM happening WHERE session < (SELECT min(id) FROM session) + :many
    AND event = 'screen' AND data LIKE '%"' || :first || '"%"no"%' LIMIT 1
"""

SETTING = "SELECT value FROM setting WHERE name = :name"

# ---------------------------------------------------------------- looking back

SIDES_OF_SESSION = """
    SELECT session.id, session.started, session.utc_offset_seconds, session.exercise, session.variation,
           session.reason, work.side,
           count(*) FILTER (WHERE work.reps > 0) AS sets, coalesce(sum(work.reps), 0) AS reps,
           coalesce(sum(work.reps_planned), 0) AS reps_planned, coalesce(max(work.load_kg), 0) AS load_kg,
           coalesce(sum(work.reps * work.load_kg), 0) AS volume_kg, coalesce(min(work.tempo_kept), 1) AS tempo_kept
    FROM session LEFT JOIN work ON work.session = session.id
    WHERE session.id = :session GROUP BY work.side
"""

PAIN_SCORES = """
    SELECT side, max(score) AS score FROM pain WHERE level <> 'normal' AND session = :session GROUP BY side
"""

_LEVEL = "coalesce(nullif(level, ''), 'stop')"
"""Questions that were never finished are an unclear answer, and that takes the stricter way."""

_WORST_FIRST = f"CASE {_LEVEL} {' '.join(f'WHEN {level!r} THEN {-n}' for n, level in enumerate(LEVELS))} ELSE 1 END"

_PAIN_OF_WORK = """
    FROM pain WHERE pain.session = work.session AND pain.side IN (work.side, '') AND level <> 'normal'
    -- In the rest the next set is the one in hand, and perhaps it was never done.
    AND work.set_number = coalesce(
        (SELECT max(did.set_number) FROM work AS did WHERE did.session = work.session AND did.side = work.side
         AND did.set_number <= pain.set_number),
        (SELECT min(did.set_number) FROM work AS did WHERE did.session = work.session AND did.side = work.side))
"""

ALL_WORK = f"""
    SELECT work.*, session.started, session.utc_offset_seconds, session.exercise, session.variation,
           (SELECT max(score) {_PAIN_OF_WORK}) AS pain_score,
           (SELECT {_LEVEL} {_PAIN_OF_WORK} ORDER BY {_WORST_FIRST} LIMIT 1) AS pain_level
    FROM session JOIN work ON work.session = session.id
    ORDER BY session.started, work.session, work.set_number, work.at
"""

PAIN_REPORTS = """
    SELECT pain.*, session.exercise, session.utc_offset_seconds,
           (SELECT score FROM morning WHERE morning.pain = pain.id ORDER BY id DESC LIMIT 1) AS next_morning
    FROM pain JOIN session ON session.id = pain.session
    ORDER BY pain.at
"""
