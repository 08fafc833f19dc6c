# METADATA
# title: What a caller may call
# description: >-
#   Which of the requested models the caller may call, each judged as if it were asked for alone. One decision answers for
#   all models that are alike. A rule whose METADATA does not say `alike` may tell any two models apart, so it is asked
#   about each.
package modelward.reach

import data.modelward.access
import data.modelward.lib.caller
import data.modelward.lib.likeness
import data.modelward.verdict

# METADATA
# title: The models of a request that the caller may call
# description: For each of them the deployments that may serve this caller.
# entrypoint: true
reach := {
	"deployments": {model: ids |
		some answer in answers
		some model in answer.models
		ids := _deployments(model, answer.standing)
	},
	"revision": data.catalog.revision,
}

# METADATA
# description: The requested models that the caller may call.
models := {model | some answer in answers; some model in answer.models}

# METADATA
# description: The same in sets of models that are alike, each with what the verdict says of them.
answers := [{"models": alike, "standing": standing} |
	some alike in _classes
	first := min(alike)
	standing := access.standing with input.request.models as [first]
	standing.denying == set()
	standing.served
]

_classes := array.concat(alike, [{model} | some model in _told_apart]) if {
	alike := likeness.classes with input.request.models as [model |
		some model in input.request.models
		not _told_apart[model]
	]
}

# What a rule that tells models apart says of one of them counts for that one alone.
_told_apart := {model |
	some rule in _telling
	some model in input.request.models
	not _passes(rule, model)
}

# The rules for a token depend on the team that it stands for.
_passes(rule, model) if {
	not caller.is_token
	denials := data.modelward.rules[rule].deny with input.request.models as [model]
	denials == set()
	not _grants(rule, model)
}

_grants(rule, model) if {
	grants := data.modelward.rules[rule].grants with input.request.models as [model]
	count(grants) > 0
}

_telling := {rule | some rule in (_known | loaded); not data.catalog.alike[rule]} if {
	loaded := _loaded with input.request.models as []
}

_known := object.keys(data.catalog.rules) if not caller.is_token

_known := object.keys(data.catalog.rules) | object.keys(data.catalog.token_rules) if caller.is_token

_loaded := {rule | data.modelward.rules[rule].deny} if not caller.is_token

_loaded := {rule | data.modelward.rules[rule].deny} | {rule | data.modelward.token_rules[rule].deny} if caller.is_token

_deployments(model, standing) := {id | some id in standing.targets[model].deployments} if {
	standing.targets[model]
} else := {id |
	some id, tags in data.catalog.common.entries[model].deployments
	some narrowing in standing.narrowing
	verdict.serves(tags, narrowing)
}
