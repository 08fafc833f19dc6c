# METADATA
# title: The decision
# description: A key and the master key are judged as they are, a token as the caller it stands for (R2-R8).
package modelward.access

import data.modelward.lib.caller
import data.modelward.lib.catalog
import data.modelward.lib.token
import data.modelward.token_caller
import data.modelward.verdict

# Each answer is written for both kinds of callers: `with` costs time, and the usual caller is a key.

# METADATA
# title: The decision on one request
# description: Whether it is allowed, why not, what covered each model, which deployments may serve it, and who asked.
# entrypoint: true
decision := verdict.decision if not caller.is_token

decision := found if {
	caller.is_token
	found := verdict.decision with input.caller as token_caller.caller
}

# METADATA
# description: Whether the request is allowed; the same as the decision says.
default allow := false

allow if {
	not caller.is_token
	verdict.allow
}

allow if {
	caller.is_token
	verdict.allow with input.caller as token_caller.caller
}

# METADATA
# description: What models that are judged alike have in common.
standing := verdict.standing if not caller.is_token

standing := found if {
	caller.is_token
	found := verdict.standing with input.caller as token_caller.caller
}

# METADATA
# description: The lists that bind the caller, by rule.
lists := verdict.lists if not caller.is_token

lists := found if {
	caller.is_token
	found := verdict.lists with input.caller as token_caller.caller
}

# METADATA
# description: What each requested model is called after the aliases of the caller's key and team.
names := catalog.own_names if not caller.is_token

names := found if {
	caller.is_token
	found := catalog.own_names with input.caller as token_caller.caller
}

# METADATA
# description: The ids of the team and the user that a token names, also of those without a record; null where it names none.
named := {"team_id": _named_team, "user_id": _named_user}

default _named_team := null

_named_team := token_caller.origin.id if caller.is_token

default _named_user := null

_named_user := token.user_id if caller.is_token

# METADATA
# description: The access groups of the entries that the caller may see.
groups := catalog.candidate_groups if not caller.is_token

groups := found if {
	caller.is_token
	found := catalog.candidate_groups with input.caller as token_caller.caller
}

# METADATA
# description: Each rule's part in the decision.
layers := verdict.layers if not caller.is_token

layers := found if {
	caller.is_token
	found := verdict.layers with input.caller as token_caller.caller
}
