"""Small models that the lab trains itself: the requests they learn, their training, their cards.

`workload` makes requests with exact answers.
"""

from .items import Item, Part, Regime
from .workload import workload

__all__ = ["Item", "Part", "Regime", "workload"]
