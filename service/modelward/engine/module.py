"""The policies' Wasm, compiled to machine code once and instantiated many times."""

import wasmtime
from opapywasm import runtime
from opapywasm.errors import OpaWasmError
from opapywasm.runtime import WasmtimeRuntimeFactory

from modelward.errors import BundleError

_FIRST_PAGES = 16
_MOST_PAGES = 16_384


def compiled(wasm: bytes) -> WasmtimeRuntimeFactory:
    """A factory of instances, each with at most 1 GiB of memory. Raises BundleError when this is no OPA policy."""
    try:
        factory = WasmtimeRuntimeFactory(wasm, max_memory_pages=_MOST_PAGES)
    except OpaWasmError as error:
        raise BundleError(f"`policy.wasm` cannot be run: {error}") from error
    # The library begins with two pages, and tries again with more, with a warning: these policies' texts need more.
    runtime._DEFAULT_MEMORY_PAGES = max(_FIRST_PAGES, _pages(factory.module))
    return factory


class Policies:
    """The compiled policies, shared by the engines that use them; the last one to close them ends their clock."""

    def __init__(self, wasm: bytes) -> None:
        self.factory = compiled(wasm)
        self.factory.epoch.ensure_running()
        self._users = 1

    def shared(self) -> "Policies":
        """The same policies, for one more user."""
        self._users += 1
        return self

    def close(self) -> None:
        """One user less."""
        self._users -= 1
        if self._users == 0:
            self.factory.close()


def _pages(module: wasmtime.Module) -> int:
    memories = [each.type for each in module.imports if isinstance(each.type, wasmtime.MemoryType)]
    return max((memory.limits.min for memory in memories), default=0)
