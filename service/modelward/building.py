"""From what was loaded to the snapshot that serves, with the engine that was chosen."""

from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from functools import partial

from modelward.engine import EmbeddedEngine, OpaEngine
from modelward.errors import DecisionUnavailable
from modelward.explaining import EngineOver, trial
from modelward.loading import Loaded
from modelward.options import ServeOptions
from modelward.snapshot import Snapshot

Build = Callable[[Loaded], Snapshot]


async def builder(options: ServeOptions, stack: AsyncExitStack) -> Build:
    """What builds snapshots for as long as `stack` is open. Raises BundleError for an OPA server that is too old."""
    if options.engine == "embedded":
        return _Embedded()
    opa = await stack.enter_async_context(OpaEngine(options.opa_url))
    with suppress(DecisionUnavailable):  # a server that comes up later is looked at then
        await opa.check_version()

    def build(loaded: Loaded) -> Snapshot:
        made = _snapshot(loaded, opa, lambda: None, partial(EmbeddedEngine, loaded.wasm), at_once=False)
        return replace(made, admit=opa.admit)

    return build


class _Embedded:
    """Builds snapshots with engines of their own; policies that did not change are compiled once."""

    _last: EmbeddedEngine | None = None

    def __call__(self, loaded: Loaded) -> Snapshot:
        wasm, data = loaded.wasm, loaded.sealed.data
        engine = self._last.over(wasm, data) if self._last else EmbeddedEngine(wasm, data)
        self._last = engine
        return _snapshot(loaded, engine, engine.close, partial(engine.over, wasm), at_once=True)


def _snapshot(
    loaded: Loaded, engine: EmbeddedEngine | OpaEngine, close: Callable[[], None], over: EngineOver, *, at_once: bool
) -> Snapshot:
    return Snapshot(
        revision=loaded.sealed.revision,
        catalog=loaded.sealed.catalog,
        deployments=loaded.deployments,
        decide=engine.decide,
        list=engine.list,
        explain=engine.explain,
        close=close,
        at_once=at_once,
        master_key=loaded.config.master_key,
        completion_model=loaded.config.completion_model,
        model_fields=loaded.config.model_fields,
        fallbacks=loaded.config.fallbacks,
        issuers=loaded.config.issuers,
        explain_by=trial(loaded.sealed.catalog, engine.explain, over),
        places={subject: str(place) for subject, place in loaded.config.places.items()},
    )
