"""One instance of the compiled policies, with the catalogue loaded."""

import ctypes

import orjson
import wasmtime
from opapywasm.abi import OpaAbi
from opapywasm.errors import OpaWasmError
from opapywasm.runtime import WasmtimeRuntimeFactory

from modelward.errors import DecisionUnavailable

_ROOM = 64 * 1024
_LONGEST_QUESTION = 16 * 1024 * 1024


class Guest:
    """A Wasm instance that answers one question at a time, with one guest call each. Not for several threads at once.

    Its memory holds the catalogue, then a buffer for the question, then scratch space that every call starts anew.
    """

    def __init__(self, factory: WasmtimeRuntimeFactory, data: bytes, deadline_ticks: int) -> None:
        self._runtime = factory.create_runtime()
        self._abi = OpaAbi(self._runtime)
        self._eval = self._runtime.get_func("opa_eval")
        self._deadline_ticks = deadline_ticks
        self._data = self._load(data)
        self._after_data = self._abi.opa_heap_ptr_get()
        self._room = 0
        self._make_room(_ROOM)

    def ask(self, entrypoint: int, question: bytes) -> bytes:
        """The result set, as JSON. Raises DecisionUnavailable when the policies fail or take too long; the instance is
        of no use then."""
        if len(question) > _LONGEST_QUESTION:
            raise DecisionUnavailable(f"the question is longer than {_LONGEST_QUESTION} bytes")
        store = self._runtime.store
        try:
            self._runtime.set_epoch_deadline(self._deadline_ticks)
            if len(question) > self._room:
                self._make_room(len(question))
            self._runtime.memory.write(store, question, self._buffer)
            place = self._eval(store, 0, entrypoint, self._data, self._buffer, len(question), self._scratch, 0)
        except (wasmtime.Trap, wasmtime.WasmtimeError, OpaWasmError) as error:
            raise DecisionUnavailable(f"the policies failed: {_summary(error)}") from error
        return self._text_at(place)

    def entrypoints(self) -> dict[str, int]:
        """The ids of the entrypoints, by name."""
        return self._names_at(self._abi.entrypoints())

    def builtins(self) -> dict[str, int]:
        """The built-in functions that the policies expect from their host, by name."""
        return self._names_at(self._abi.builtins())

    def close(self) -> None:
        """Frees the instance's memory."""
        self._runtime.close()

    def _names_at(self, place: int) -> dict[str, int]:
        names: dict[str, int] = orjson.loads(self._text_at(self._abi.opa_json_dump(place)))
        return names

    def _load(self, data: bytes) -> int:
        place = self._abi.opa_malloc(len(data))
        self._abi.memory_write(place, data)
        return self._abi.opa_json_parse(place, len(data))

    def _make_room(self, size: int) -> None:
        self._abi.opa_heap_ptr_set(self._after_data)
        self._buffer = self._abi.opa_malloc(size)
        self._scratch = self._abi.opa_heap_ptr_get()
        self._room = size

    def _text_at(self, place: int) -> bytes:
        memory, store = self._runtime.memory, self._runtime.store
        size = memory.data_len(store)
        if not 0 < place < size:
            raise DecisionUnavailable("the policies answered from outside their memory")
        text = ctypes.string_at(ctypes.addressof(memory.data_ptr(store).contents) + place)
        if len(text) >= size - place:
            raise DecisionUnavailable("the policies' answer has no end")
        return text


def _summary(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip() if str(error).strip() else type(error).__name__
