# METADATA
# title: The verdict on one caller
# description: >-
#   Folds the grants and denials of all rules into one verdict on the caller as the input has it. One denial outweighs
#   any grant, and a model that nothing grants is refused (L10).
# custom:
#   differs: [C8]
#   refusals:
#     rule_malformed:
#       title: Every rule says what it denies
#       spec: [L10]
#       order: 10
#       type: auth_error
#       advice: "a rule's `deny` is not a set of texts: ask the admin to run `modelward check`"
#     no_grant:
#       title: A rule grants the model
#       spec: [L10]
#       order: 1200
#       type: key_model_access_denied
#       param: model
#       advice: "no rule grants the model: ask the admin"
#     provider_not_spoken:
#       title: The model's provider is spoken here
#       spec: [E5]
#       order: 1230
#       status: 501
#       type: provider_not_spoken
#       param: model
#       layer: catalogue
#       remedy: configure_provider
#       advice: "LiteLLM supports the model's provider and Modelward does not: the operator must set `api_base`"
#     provider_not_configured:
#       title: The model's provider has a key and an address
#       spec: [E5]
#       order: 1240
#       status: 503
#       type: provider_not_configured
#       param: model
#       layer: catalogue
#       remedy: configure_provider
#       advice: "the model's provider has no key or no address in the config: the operator must set them"
package modelward.verdict

import data.modelward.lib.caller
import data.modelward.lib.catalog
import data.modelward.lib.fallback
import data.modelward.lib.info
import data.modelward.lib.order
import data.modelward.places

# METADATA
# description: Whether the request is allowed, why not, what covered each model, which deployments may serve it, who asked, and what is shown.
decision := {
	"allow": allow,
	"reasons": reasons,
	"grants": grants,
	"targets": targets,
	"places": places.ids,
	"subject": caller.subject,
	"shows": info.shows,
	"holds_until": holds_until,
	"revision": data.catalog.revision,
}

# METADATA
# description: Every model is granted by some rule, has a deployment for this caller, and no rule denies.
default allow := false

allow if {
	is_array(input.request.models)
	count(_denials) == 0
}

# METADATA
# description: >-
#   Until when equal questions have this answer, in nanoseconds since 1970, whatever the clock says before; null for no
#   end. A rule that reads the clock says so for itself, and the least counts.
holds_until := null if {
	_ends == set()
} else := min(_ends)

# METADATA
# description: Every denial, in the order of A4 and A6. The first one names the error.
reasons := [{"rule": rule, "message": message} | some [_, rule, message] in denials] if denials := sort(_denials)

# METADATA
# description: For each layer, what covered each model.
grants := {layer: covered |
	some rule, covers in _covers
	layer := trim_suffix(rule, "_model_access")
	covered := {model: cover.by | some model, cover in covers}
}

# METADATA
# description: For each known model, its entry (C3) and the deployments that every layer leaves open to this caller (C8).
targets := {model: {"entry": entry.name, "model": entry.model, "deployments": deployments} |
	some model, entry in catalog.entry
	narrowing := _narrowing(model)
	deployments := sort([id | some id, tags in entry.deployments; serves(tags, narrowing)])
}

# METADATA
# description: >-
#   What models that are judged alike have in common - the rules that deny, whether one of them has no grant or no deployment,
#   the groups that narrow each, and the team that the caller is judged for.
standing := {
	"denying": {rule | some [_, rule, _] in _rule_denials},
	"served": count(_unserved) == 0,
	"narrowing": {model: _narrowing(model) | some model in input.request.models},
	"targets": targets,
	"team_id": caller.subject.team_id,
}

# METADATA
# description: The lists that bind this caller, by rule.
lists := _lists if not caller.is_token

lists := object.union(_lists, _token_lists) if caller.is_token

# METADATA
# description: Each rule's part in the decision - why it denies, what covers each model, the list that binds.
layers[rule] := {"denials": denials, "grants": covered, "list": list} if {
	some rule in _taking_part
	denials := sort([message | some [_, denying, message] in _denials; denying == rule])
	covered := {model: cover.by | some model, cover in object.get(_covers, rule, {})}
	list := object.get(lists, rule, null)
}

_taking_part contains rule if some [_, rule, _] in _denials

_taking_part contains rule if some rule, _ in _covers

_taking_part contains rule if some rule, _ in lists

_lists := {rule: list | list := data.modelward.rules[rule].list}

_token_lists := {rule: list | list := data.modelward.token_rules[rule].list}

_covers := _key_covers if {
	not caller.is_token
} else := object.union(_key_covers, _token_covers)

_key_covers := {rule: covers | covers := data.modelward.rules[rule].grants; count(covers) > 0}

_token_covers := {rule: covers | covers := data.modelward.token_rules[rule].grants; count(covers) > 0}

# Without the catalogue's names of rules there is no decision.
_denials := _rule_denials if count(_rule_denials) > 0

_denials := _unserved if count(_rule_denials) == 0

_rule_denials := _of_rules if {
	not caller.is_token
} else := _of_rules | _of_token_rules

# Of most calls all rules say in one comparison that none denies: those of the catalogue, and no others.
_of_rules := set() if {
	_quiet_rules == data.catalog.rules
} else := _objections(_rules) | _missing(data.catalog.rules, _rules)

_of_token_rules := set() if {
	_quiet_token_rules == data.catalog.token_rules
} else := _objections(_token_rules) | _missing(data.catalog.token_rules, _token_rules)

_quiet_rules := {rule: quiet | quiet := data.modelward.rules[rule].deny == set()}

_quiet_token_rules := {rule: quiet | quiet := data.modelward.token_rules[rule].deny == set()}

_ends := _ends_of_rules if {
	not caller.is_token
} else := _ends_of_rules | _ends_of_token_rules

_ends_of_rules := {_end(until) | until := data.modelward.rules[_].holds_until; not is_null(until)}

_ends_of_token_rules := {_end(until) | until := data.modelward.token_rules[_].holds_until; not is_null(until)}

# What is no time holds for none.
_end(until) := until if {
	is_number(until)
} else := 0

_rules := {rule: denials | denials := data.modelward.rules[rule].deny}

_token_rules := {rule: denials | denials := data.modelward.token_rules[rule].deny}

_objections(rules) := {[order.rank(name), name, message] |
	some rule, denials in rules
	denials != set()
	some [name, message] in _objections_of(rule, denials)
}

_objections_of(rule, denials) := {[rule, message] | some message in denials; not fallback.waives(rule)} if {
	_are_texts(denials)
} else := {_malformed(rule)}

# A rule whose `deny` is undefined could not refuse anything.
_missing(names, rules) := {[order.rank(name), name, message] |
	some rule in (object.keys(names) - object.keys(rules))
	[name, message] := _malformed(rule)
}

_malformed(rule) := [
	"rule_malformed",
	$"the policy's rule `{rule}` is malformed, so no call is allowed: its `deny` is no set of texts; tell the proxy's admin",
]

_are_texts(denials) if {
	is_set(denials)
	every message in denials {
		is_string(message)
	}
}

# What no rule denies must still be granted, and served somewhere.
_unserved contains [order.rank("no_grant"), "no_grant", message] if {
	some model in input.request.models
	not _granted(model)
	message := $"no rule grants model `{model}` to this caller; GET /v1/models lists what it may call"
}

_unserved contains [order.rank(rule), rule, message] if {
	some model in input.request.models
	not targets[model].deployments[0]
	rule := _leaving_none(model)
	message := _without_deployments(rule, model)
}

# What left no deployment: all that are open to the caller take no calls (E5), or a layer left none open.
_leaving_none(model) := "provider_not_configured" if {
	_out_of_service(model).provider_not_configured
} else := "provider_not_spoken" if {
	_out_of_service(model).provider_not_spoken
} else := _narrowest(model)

_out_of_service(model) := {deployment.why |
	narrowing := _narrowing(model)
	some deployment in catalog.entry[model].out_of_service
	serves(deployment.groups, narrowing)
}

_without_deployments(rule, model) := message if {
	rule == "provider_not_configured"
	message := $"the provider of model `{model}` has no key or no address here; the operator must set them"
} else := message if {
	rule == "provider_not_spoken"
	message := $"the provider of model `{model}` is not spoken here; the operator must say `api_base` for it"
} else := message if {
	message := $"no deployment of model `{model}` is open to this caller; GET /v1/models lists what it may call"
}

_narrowing(model) := [groups | some covers in _covers; groups := covers[model].groups; count(groups) > 0]

_granted(model) if _covers[_][model]

# METADATA
# description: Whether every layer that covers a model through groups only leaves a deployment with these groups open (C8).
serves(tags, narrowing) if {
	every groups in narrowing {
		some group in groups
		tags[group]
	}
}

# The layer that left no deployment: the last one that covers the model through groups only.
_narrowest(model) := rule if {
	[_, rule] := max([[order.rank(rule), rule] |
		some rule, covers in _covers
		count(covers[model].groups) > 0
	])
} else := "no_grant"
