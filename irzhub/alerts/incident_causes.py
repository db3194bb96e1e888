"""What modems that were lost together have in common: an enrichment test over operator, cell and group.

For each trait, the share of losses among the modems that have it is compared with the share among all others; the
trait whose difference is the least likely to be chance (G-test of the two-by-two table) is the cause. Its modems
are taken out and the rest is tested again. Everything lost alike is the hub's own uplink. Pure and linear: ten
thousand modems cost one pass, however many of them are lost.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from irzhub.core.groups import lineage

CauseKind: TypeAlias = Literal["cell", "operator", "group", "uplink"]
Trait: TypeAlias = tuple[CauseKind, str]

_PREFERENCE: Final[Mapping[CauseKind, int]] = {"cell": 3, "operator": 2, "group": 1, "uplink": 0}
"""Of traits that explain the same equally well, the one with which somebody can be called up."""
_LEAST_SHARE: Final = 0.5
_LEAST_RATIO: Final = 5.0
_LEAST_SCORE: Final = 20.0
"""Of a G-test with one degree of freedom: chance gives it once in a hundred thousand tests."""
_UPLINK_SHARE: Final = 0.8
_MOST_CAUSES: Final = 5


@dataclass(frozen=True, slots=True)
class Traits:
    """What a modem shares with others; an empty text is unknown and shared with nobody."""

    operator: str = ""
    cell: str = ""
    group: str = ""

    def trait_names(self) -> list[Trait]:
        """Return all that could be a cause for this modem, groups from the outermost in."""
        found: list[Trait] = [("group", path) for path in lineage(self.group)]
        if self.operator:
            found.append(("operator", self.operator))
        if self.cell:
            found.append(("cell", self.cell))
        return found

    def has(self, trait: Trait) -> bool:
        """Say whether a cause would hold for this modem."""
        kind, name = trait
        if kind == "group":
            return name in lineage(self.group)
        return kind == "uplink" or getattr(self, kind) == name

    @property
    def area(self) -> str:
        """The cell without its last number: what a neighbour shares; empty when unknown."""
        return self.cell.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the evidence: so many of so many modems of a kind were lost."""

    about: Literal["cause", "area", "operator", "nearby", "others"]
    lost: int
    of: int


@dataclass(frozen=True, slots=True)
class Cause:
    """What lost modems have in common, and why that is no chance."""

    kind: CauseKind
    name: str
    lost: frozenset[str]
    evidence: tuple[Share, ...] = ()


@dataclass(slots=True)
class CauseSearch:
    """One search: `population` are all modems that were to be online, `lost` those of them that were lost together.

    Args:
        least: fewer lost modems are no common cause.
        is_uplink_up: what the hub saw of its own uplink, None when it did not look.
    """

    population: Mapping[str, Traits]
    lost: frozenset[str]
    least: int
    is_uplink_up: bool | None = None
    _found: list[Cause] = field(default_factory=list)

    def run(self) -> list[Cause]:
        """Return the causes, that of the most modems first."""
        population = dict(self.population)
        lost = {modem for modem in self.lost if modem in population}
        while len(lost) >= self.least and len(self._found) < _MOST_CAUSES:
            trait = self._best(population, lost)
            if trait is None:
                break
            inside = frozenset(modem for modem in lost if population[modem].has(trait))
            self._found.append(Cause(trait[0], trait[1], inside, evidence_of(trait, self.population, self.lost)))
            lost -= inside
            population = {modem: traits for modem, traits in population.items() if not traits.has(trait)}
        return sorted(self._found, key=lambda cause: -len(cause.lost))

    def _best(self, population: Mapping[str, Traits], lost: set[str]) -> Trait | None:
        all_, gone = len(population), len(lost)
        counts = Counter(name for modem in lost for name in population[modem].trait_names())
        candidates = {trait for trait, count in counts.items() if count >= self.least}
        sizes = Counter(
            trait for traits in population.values() for trait in traits.trait_names() if trait in candidates
        )
        best: tuple[float, int, int, Trait] | None = None
        for trait in candidates:
            score = _score(counts[trait], sizes[trait], gone, all_)
            if score is not None:
                rank = (round(score, 6), _PREFERENCE[trait[0]], -sizes[trait], trait)
                best = rank if best is None or rank > best else best
        if best is not None:
            return best[3]
        if gone < _UPLINK_SHARE * all_ or self._found:
            return None
        if self.is_uplink_up and (shared := _shared_by_all(counts, gone)) is not None:
            return shared
        return ("uplink", "hub")


def find_causes(
    population: Mapping[str, Traits], lost: Iterable[str], least: int, *, is_uplink_up: bool | None = None
) -> list[Cause]:
    """Return what the lost modems have in common, none when it may be chance."""
    return CauseSearch(population, frozenset(lost), least, is_uplink_up).run()


def evidence_of(trait: Trait, population: Mapping[str, Traits], lost: frozenset[str]) -> tuple[Share, ...]:
    """Return the losses among those of a cause, its neighbours and all others; each modem counts once."""
    inside = [traits for traits in population.values() if traits.has(trait)]
    areas = {traits.area for traits in inside if traits.area} if trait[0] == "cell" else set()
    operators = {traits.operator for traits in inside if traits.operator} if trait[0] == "cell" else set()
    groups = {traits.group for traits in inside if traits.group}
    tally: dict[str, list[int]] = {}
    for modem, traits in population.items():
        if traits.has(trait):
            about = "cause"
        elif traits.area in areas:
            about = "area"
        elif traits.operator in operators:
            about = "operator"
        elif trait[0] != "group" and traits.group in groups:
            about = "nearby"
        else:
            about = "others"
        counted = tally.setdefault(about, [0, 0])
        counted[0] += modem in lost
        counted[1] += 1
    order: Sequence[Literal["cause", "area", "operator", "nearby", "others"]]
    order = ("cause", "area", "operator", "nearby", "others")
    return tuple(Share(about, *tally[about]) for about in order if about in tally)


def _score(lost_inside: int, inside: int, lost: int, all_: int) -> float | None:
    """Return how unlikely it is that losses fell so by chance; None when they hardly differ."""
    outside, lost_outside = all_ - inside, lost - lost_inside
    if outside <= 0 or lost_inside < _LEAST_SHARE * inside:
        return None
    if lost_inside * outside < _LEAST_RATIO * lost_outside * inside:
        return None
    table = (
        (lost_inside, inside, lost),
        (inside - lost_inside, inside, all_ - lost),
        (lost_outside, outside, lost),
        (outside - lost_outside, outside, all_ - lost),
    )
    score = 2.0 * sum(seen * math.log(seen * all_ / (row * column)) for seen, row, column in table if seen)
    return score if score >= _LEAST_SCORE else None


def _shared_by_all(counts: Counter[Trait], gone: int) -> Trait | None:
    """Return what every lost modem has, the narrowest; None when there is nothing."""
    shared = [trait for trait, count in counts.items() if count == gone]
    return max(shared, key=lambda trait: (_PREFERENCE[trait[0]], trait[1]), default=None)
