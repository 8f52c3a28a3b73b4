"""The diary's tables, as numbered migrations. Nothing here runs by itself: the database module applies them.

Times are seconds since 1970 (UTC); a session also has the local time's offset from UTC when it began. Loads are
kilograms, 0 is body weight. No audio is stored; words are those that were recognised in a report of pain.
"""

MIGRATIONS: tuple[str, ...] = (
    # 1: the first diary
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again, also after a delete
        started REAL NOT NULL,
        utc_offset_seconds INTEGER NOT NULL,
        ended REAL,
        reason TEXT NOT NULL DEFAULT '',       -- why it ended; '' is: it did not yet
        exercise TEXT NOT NULL,
        variation TEXT NOT NULL,
        sets INTEGER NOT NULL,
        reps INTEGER NOT NULL,                 -- a side and set, as planned
        more_sets INTEGER NOT NULL,            -- so many sets, the first ones, were planned with one rep more
        tempo TEXT NOT NULL,
        rest_seconds INTEGER NOT NULL,
        first_side TEXT NOT NULL CHECK (first_side IN ('left', 'right')),
        leads TEXT NOT NULL CHECK (leads IN ('left', 'right', '')),
        settings TEXT NOT NULL DEFAULT '{}'    -- JSON: what else mattered (voice, model, echo, warm-up)
    );
    CREATE INDEX session_by_time ON session (started);
    CREATE INDEX session_by_exercise ON session (exercise, variation, started);
    CREATE INDEX session_open ON session (started) WHERE reason = '';

    CREATE TABLE work (
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        set_number INTEGER NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('left', 'right')),
        at REAL NOT NULL,
        reps INTEGER NOT NULL,
        reps_planned INTEGER NOT NULL,
        load_kg REAL NOT NULL,
        tempo TEXT NOT NULL,
        tempo_kept INTEGER NOT NULL,           -- 1: never faster on the way down than planned
        ended TEXT NOT NULL,                   -- complete, early, skipped, stopped, pain, interrupted
        PRIMARY KEY (session, set_number, side)
    ) WITHOUT ROWID;

    CREATE TABLE pain (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        phase TEXT NOT NULL,
        set_number INTEGER NOT NULL,
        side TEXT NOT NULL,                    -- left, right, or '' for both or unknown
        rep INTEGER NOT NULL,
        load_kg REAL,
        words TEXT NOT NULL,
        place TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL DEFAULT '',
        score INTEGER,                         -- 0 to 10
        sudden TEXT NOT NULL DEFAULT '',       -- yes, no, or ''
        numb TEXT NOT NULL DEFAULT '',
        chest TEXT NOT NULL DEFAULT '',
        triage_row TEXT NOT NULL DEFAULT '',   -- which row of the triage table matched
        level TEXT NOT NULL DEFAULT '',        -- '': the questions were never finished
        advice TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX pain_by_side ON pain (side, at);
    CREATE INDEX pain_by_session ON pain (session);

    CREATE TABLE morning (                     -- how it was the morning after
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        pain INTEGER REFERENCES pain (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        side TEXT NOT NULL,
        score INTEGER
    );
    CREATE INDEX morning_by_pain ON morning (pain);
    CREATE INDEX morning_by_session ON morning (session);

    CREATE TABLE pain_lock (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session INTEGER REFERENCES session (id) ON DELETE SET NULL,  -- forgetting a session unlocks nothing
        at REAL NOT NULL,
        side TEXT NOT NULL,
        reason TEXT NOT NULL,
        unlocked_at REAL
    );
    CREATE INDEX pain_lock_shut ON pain_lock (side) WHERE unlocked_at IS NULL;
    CREATE INDEX pain_lock_by_session ON pain_lock (session);

    CREATE TABLE mistake (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        set_number INTEGER NOT NULL,
        side TEXT NOT NULL,
        mistake TEXT NOT NULL,
        words TEXT NOT NULL
    );
    CREATE INDEX mistake_by_session ON mistake (session);

    CREATE TABLE happening (                   -- everything else worth keeping, as docs/EVENTS.md describes it
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        event TEXT NOT NULL,
        data TEXT NOT NULL                     -- JSON
    );
    CREATE INDEX happening_by_session ON happening (session);

    CREATE TABLE live (                        -- where an open session is; gone when it ends
        session INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        phase TEXT NOT NULL,
        set_number INTEGER NOT NULL,
        side TEXT NOT NULL,
        reps INTEGER NOT NULL,
        load_kg REAL,
        tempo TEXT NOT NULL
    );

    CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        at REAL NOT NULL,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
)
