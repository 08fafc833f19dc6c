"""A catalogue as an OPA bundle, and the policies compiled beside it."""

from modelward.bundle.policies import policies_digest
from modelward.bundle.rule_checks import check_policies
from modelward.bundle.rules import Rules, read_rules
from modelward.bundle.schemas import schemas
from modelward.bundle.wasm import compile_wasm, keep_wasm, load_wasm, refresh_wasm, untimed_in
from modelward.bundle.write import Sealed, archive, laid_out, seal, write
