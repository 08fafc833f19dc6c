# METADATA
# title: A fallback may run without model access
# description: >-
#   With `enforce_fallback_model_access: false` a fallback of the config needs no list of models that covers it. The
#   grant says so in the decision log.
# custom:
#   spec: [F2]
#   alike: true
package modelward.rules.fallback_waiver

import data.modelward.lib.fallback

# METADATA
# description: Nothing is refused here.
deny := set()

# METADATA
# description: Grants each fallback that runs without model access.
grants := {model: {"by": "enforce_fallback_model_access: false", "groups": []} |
	some model in input.request.models
	fallback.is_waived
}
