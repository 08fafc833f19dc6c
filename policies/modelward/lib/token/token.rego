# METADATA
# title: What a token says
# description: The role, the user and the teams that a verified token claims (R2, R7, R8).
# custom:
#   differs: [R2]
package modelward.lib.token

# METADATA
# description: A token with the admin's scope (R6).
is_admin if data.catalog.tokens.admin_scope in input.caller.token.scopes

# METADATA
# description: The role of the token (R2); undefined where it has none.
role := "proxy_admin" if {
	is_admin
} else := "team" if {
	team_id
} else := "internal_user" if {
	some claimed in input.caller.token.user_roles
	claimed in data.catalog.tokens.user_allowed_roles
} else := "internal_user" if {
	is_null(data.catalog.tokens.user_allowed_roles)
	is_string(input.caller.token.user_id)
} else := mapped_role

# METADATA
# description: What the config permits the role (R4); undefined where it says nothing.
permission := data.catalog.tokens.roles[role]

# METADATA
# description: The internal role of the first mapping whose role the token has, in the config's order.
mapped_role := [mapping.internal_role |
	some mapping in data.catalog.tokens.role_mappings
	mapping.role in input.caller.token.roles
][0]

# METADATA
# description: >-
#   The id of the user that the token is for (R8); undefined where it is for none. Where no id is claimed, the mail
#   address is the id.
user_id := input.caller.token.user_id if {
	is_string(input.caller.token.user_id)
} else := input.caller.token.object_id if {
	mapped_role == "internal_user"
	is_string(input.caller.token.object_id)
} else := input.caller.token.email if {
	is_null(input.caller.token.user_id)
	is_string(input.caller.token.email)
}

# METADATA
# description: >-
#   The id of the one team that the token claims, or the config's default where it claims no team at all (R7); undefined
#   where there is neither. A default never comes before what is claimed.
team_id := input.caller.token.team_id if {
	is_string(input.caller.token.team_id)
} else := input.caller.token.team_id_default if {
	is_string(input.caller.token.team_id_default)
	_claims_no_team
}

_claims_no_team if {
	is_null(input.caller.token.team_id)
	is_null(input.caller.token.team_alias)
	input.caller.token.team_ids == []
	not _object_is_team
}

_object_is_team if {
	mapped_role == "team"
	is_string(input.caller.token.object_id)
}

# METADATA
# description: The teams that the token claims (R7).
teams contains team_id

teams contains id if some id in input.caller.token.team_ids

teams contains input.caller.records.teams_of_alias[0] if {
	is_string(input.caller.token.team_alias)
	count(input.caller.records.teams_of_alias) == 1
}

teams contains input.caller.token.object_id if _object_is_team

# METADATA
# description: Whether the token holds a scope that the config maps (R5).
has_mapped_scope if {
	some mapping in data.catalog.tokens.scopes
	mapping.scope in input.caller.token.scopes
}
