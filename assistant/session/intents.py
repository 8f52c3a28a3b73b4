"""The commands that the session understands. A pack must give words to each of them."""

INTENTS = frozenset(
    {
        *("start", "ready", "next", "next_set", "back", "repeat", "why", "yes", "no", "okay"),
        *("no_weight", "weight_off", "change_load"),
        "too_much",
        *("pause", "resume", "stop", "done", "finish", "skip", "skip_rest", "more_rest", "switch_sides"),
        *("slower", "faster", "louder", "quieter", "less_talk", "more_talk", "where", "help", "pain"),
        "last_time",
        "mistake",
    }
)
"""Besides these there is "number", which is built from the pack's number words."""

BREAKS_IN = ("pain", "stop", "help")
"""The commands that count before the end of an utterance even where it may be an answer."""

URGENT = (*BREAKS_IN, "too_much")
"""The commands that count anywhere in what is said, the most urgent first: it decides where words hold several."""
