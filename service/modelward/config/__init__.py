"""A LiteLLM `config.yaml`, read with positions and checked (spec section 11)."""

from modelward.config.config import Config, read
from modelward.config.models import Model
