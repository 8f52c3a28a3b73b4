"""What happens next: `step(state, event, plan) -> (state, actions)`, pure, over frozen data."""

from assistant.session.state import SideResult, State
from assistant.session.step import Session, step

__all__ = ["Session", "SideResult", "State", "step"]
