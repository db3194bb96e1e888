"""Which polling ports are free: one number for each modem, given once and kept for ever (REQUIREMENTS R2)."""

from collections.abc import Iterable, Iterator

from irzhub.config.settings import PortPool


class PortPools:
    """The ports of all pools and which of them are taken.

    A new modem gets the lowest free port, in the order of the pools as configured. A port outside every
    pool (imported, or from an older configuration) can be taken too: it only never is given out anew.
    """

    def __init__(self, pools: Iterable[PortPool]) -> None:
        self._pools = tuple(pools)
        self._taken: set[tuple[str, int]] = set()
        self._reserved: tuple[PortPool, ...] = ()
        # Where the search of each pool begins: all below it are taken, so that 10,000 calls stay linear.
        self._first_free = [pool.first for pool in self._pools]

    def take(self, host: str, port: int) -> None:
        """Mark a port as given to a modem."""
        self._taken.add((host, port))

    def release(self, host: str, port: int) -> None:
        """Give a port back: its modem was deleted."""
        self._taken.discard((host, port))
        for index, pool in enumerate(self._pools):
            if pool.host == host and pool.first <= port <= pool.last:
                self._first_free[index] = min(self._first_free[index], port)

    def reserve(self, pools: Iterable[PortPool]) -> None:
        """Keep these ports for `take_from`: `take_lowest` passes them over."""
        self._reserved = tuple(pools)
        self._first_free = [pool.first for pool in self._pools]

    def take_from(self, pools: Iterable[PortPool]) -> tuple[str, int] | None:
        """Take the lowest free port of some pools; None when they are used up."""
        for pool in pools:
            for port in range(pool.first, pool.last + 1):
                if (pool.host, port) not in self._taken:
                    self._taken.add((pool.host, port))
                    return pool.host, port
        return None

    def take_lowest(self) -> tuple[str, int] | None:
        """Take the lowest free port; None when all pools are used up."""
        for index, pool in enumerate(self._pools):
            for port in range(self._first_free[index], pool.last + 1):
                if (pool.host, port) not in self._taken and not self._is_reserved(port):
                    self._taken.add((pool.host, port))
                    self._first_free[index] = port + 1
                    return pool.host, port
            self._first_free[index] = pool.last + 1
        return None

    def is_taken(self, host: str, port: int) -> bool:
        """Say whether a port belongs to a modem."""
        return (host, port) in self._taken

    def _is_reserved(self, port: int) -> bool:
        # Whatever the address: two organisations' programs must not meet on one number.
        return any(pool.first <= port <= pool.last for pool in self._reserved)

    def __len__(self) -> int:
        return len(self._taken)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self._taken)
