"""Where decisions come from: OPA's own Wasm in this process, or an OPA server. Both answer alike."""

from modelward.engine.embedded import EmbeddedEngine
from modelward.engine.memo import Memo
from modelward.engine.server import OpaEngine
