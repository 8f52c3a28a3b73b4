"""The diary: what was done, what hurt, and where we were when the power went. In SQLite, and nowhere else."""

from assistant.diary.diary import Diary

__all__ = ["Diary"]
