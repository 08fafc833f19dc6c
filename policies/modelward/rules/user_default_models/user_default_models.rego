# METADATA
# title: The owner may have personal models
# description: >-
#   `no-default-models` in an owner's list leaves a personal key nothing; the refusal is the key's.
# custom:
#   spec: [G8, L4, E2]
package modelward.rules.user_default_models

import data.modelward.lib.owner

# METADATA
# description: Refuses every model to the personal key of such an owner.
deny contains message if {
	some model in input.request.models
	not _permitted
	message := $"this personal key may not call model `{model}`; use a key of a team, GET /v1/models lists what a key may call"
}

# METADATA
# description: The list that binds in place of the owner's.
list := ["no-default-models"] if not _permitted

_permitted if not owner.binds

_permitted if not "no-default-models" in input.caller.user.models
