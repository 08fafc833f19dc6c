# METADATA
# title: Restricted models need a second factor
# description: A token that calls a model of the group `restricted-models` has `mfa` in its claim `amr`.
package modelward.token_rules.second_factor

import data.modelward.lib.catalog

# METADATA
# description: Refuses such a model to a token of a login without a second factor.
deny contains message if {
	some model, entry in catalog.entry
	not _permitted(entry)
	message := $"model `{model}` needs a login with a second factor; log in again"
}

_permitted(_) if "mfa" in input.caller.token.claims.amr

_permitted(entry) if not entry.groups["restricted-models"]
