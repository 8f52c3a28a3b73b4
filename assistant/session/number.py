"""The emergency number that somebody says. Pure."""

from assistant.red_flags import RedFlags


def chosen_number(words: str, table: RedFlags) -> str:
    """The emergency number that is named, in digits; of several the last one, so that a slip can be mended."""
    said = f" {' '.join(words.lower().replace(',', ' ').split())} "
    found = [(0, "")]
    for digits, ways in table.emergency_numbers.items():
        for way in (*ways, digits, " ".join(digits)):
            at = said.rfind(f" {way} ")
            if at >= 0 and not said[:at].endswith(" not"):
                found.append((at + len(way), digits))
    return max(found)[1]
