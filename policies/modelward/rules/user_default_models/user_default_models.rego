# METADATA
# title: The user may have personal models
# description: >-
#   `no-default-models` in a user's list leaves its callers without a team nothing; the refusal is the key's.
# custom:
#   spec: [G8, L4, E2]
#   order: 720
#   type: key_model_access_denied
#   param: model
#   record: user
#   remedy: add_personal_models
#   advice: "the owner has no personal models: use a team's key"
#   alike: true
package modelward.rules.user_default_models

import data.modelward.lib.owner

# METADATA
# description: Refuses every model to a caller of such a user.
deny contains message if {
	some model in input.request.models
	not _permitted
	message := $"without a team this caller may not call model `{model}`; use a key of a team, GET /v1/models lists what a caller may call"
}

# METADATA
# description: The list that binds in place of the user's.
list := ["no-default-models"] if not _permitted

_permitted if not owner.binds

_permitted if not "no-default-models" in input.caller.user.models
