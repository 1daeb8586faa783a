"""A library's vectors in a store that others share, kept in step with the catalogue."""

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

from index.catalogue import Catalogue
from index.errors import LibraryError
from index.following import follow
from index.legs import Legs
from index.lock import WriterLock
from index.stores import Engine, SharedStore, is_engine, open_store

LOOK_EVERY = 1.0
"""Seconds after which the store is asked again how far it has come: a server that lost its data is noticed, and filled again."""

log = logging.getLogger(__name__)


class ServedStore:
    """The store at an address. Who holds the writer's lock brings it up to the catalogue; everybody else searches what is there.

    Args:
        catalogue: the truth. It remembers under which name the library is known in stores.
        lock: who may write.
        address: as ``index.stores.open_store`` takes it.

    Raises:
        InputError: the address is none.
    """

    def __init__(self, catalogue: Catalogue, lock: WriterLock, address: str) -> None:
        self.searches_words = is_engine(address)
        self._catalogue, self._lock, self._address = catalogue, lock, address
        self._threads = threading.RLock()
        self._store: SharedStore | None = None
        self._seen = (-1, float("-inf"))

    def store(self) -> SharedStore:
        """The store, caught up with the catalogue if we may write.

        Raises:
            LibraryError: it does not answer.
            MissingExtra: its client is not installed.
        """
        with self._threads:
            store = self._open()
            generation, now = self._catalogue.generation, time.monotonic()
            if self._seen[0] != generation or now > self._seen[1] + LOOK_EVERY:
                self._bring_up(store, generation)
                self._seen = (generation, now)
            return store

    def legs(self) -> Mapping[str, Legs]:
        """Both legs of the search for each language, of a store that searches words."""
        return cast("Engine", self.store()).legs()

    def _open(self) -> SharedStore:
        if self._store is None:
            self._store = open_store(self._address, f"doichieu{self._name()}")
        return self._store

    def _name(self) -> str:
        """Told apart from every other library's by chance, and the same in every copy of the catalogue."""
        if not self._catalogue.get("name"):
            with self._lock, self._catalogue.change(visible=False):
                self._catalogue.put("name", secrets.token_hex(6))
        return self._catalogue.get("name")

    def _bring_up(self, store: SharedStore, generation: int) -> None:
        reached = store.reached()
        if reached > generation:
            log.info("the store has reached change %d, and this copy of the library only %d", reached, generation)
        if reached >= generation or not self._lock.try_acquire():
            return
        try:
            reached = store.reached()
            if reached < int(self._catalogue.get("forgotten") or 0) or not reached:
                # What was left of a filling that was stopped could hold passages that have gone since.
                store.clear()
                reached = 0
            follow(store, self._catalogue, reached)
            store.note(generation)
        finally:
            self._lock.release()

    def is_ahead(self) -> bool:
        """Whether the store has reached a change that this copy of the library does not know; not if the store does not answer."""
        with suppress(LibraryError):
            return self._open().reached() > self._catalogue.generation
        return False

    def refresh(self) -> None:
        """Bring the store up to the catalogue; the caller holds the lock. Raises ``LibraryError`` if it does not answer."""
        try:
            self._bring_up(self._open(), self._catalogue.generation)
        except LibraryError as error:
            raise LibraryError(f"{error}; the change itself is kept, and reaches the store when it answers again") from error

    def refill(self) -> None:
        """Bring the store up to a catalogue that was made anew; the caller holds the lock. A search meanwhile finds the old rows or the new ones.

        What a newer copy of the library or another model has left there goes first.
        """
        with self._threads:
            store = self._open()
            if self.is_ahead():
                store.clear()
            try:
                follow(store, self._catalogue, 0)
            except LibraryError:
                store.clear()
                follow(store, self._catalogue, 0)
            self._drop_others(store)
            store.note(self._catalogue.generation)
            self._seen = (-1, float("-inf"))

    def _drop_others(self, store: SharedStore) -> None:
        own: dict[str, set[str]] = {}
        for batch in self._catalogue.passages_since(0):
            for language, name, *_ in batch:
                own.setdefault(language, set()).add(name)
        for language in store.languages():
            store.delete(language, sorted(store.ids(language) - own.get(language, set())))

    def close(self) -> None:
        """Give back the connection."""
        with self._threads:
            if self._store is not None:
                self._store.close()
            self._store = None
