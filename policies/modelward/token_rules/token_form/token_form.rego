# METADATA
# title: The token and what it is judged by are whole
# description: >-
#   Where the token comes from, what it may stand for and what the config makes of it is given by facts that must all be
#   there, of their types; then the absence of one never lets a token pass for less than it is.
# custom:
#   spec: [R1, L8, L10]
#   order: 200
#   type: auth_error
#   layer: token
#   advice: "what is known of the token is incomplete: ask the admin"
#   alike: true
package modelward.token_rules.token_form

# METADATA
# description: Refuses a token of which a fact is missing or of a wrong type.
deny contains message if {
	not _whole
	message := "what is known of this token is not whole, so it was not judged; tell the proxy's admin"
}

_whole if {
	_token_is_whole
	_records_are_whole
	_settings_are_whole
}

_token_is_whole if {
	is_string(input.caller.origin.source)
	_is_text_or_null(input.caller.origin.id)
	is_boolean(input.caller.token.expects_team)
	every fact in _texts {
		_is_text_or_null(input.caller.token[fact])
	}
	every fact in ["scopes", "roles", "user_roles", "team_ids"] {
		_are_texts(input.caller.token[fact])
	}
}

_texts := {
	"chosen_team_id",
	"team_id",
	"team_id_default",
	"team_alias",
	"object_id",
	"user_id",
	"email",
	"organization_id",
}

_records_are_whole if {
	is_object(input.caller.records.teams)
	is_object(input.caller.records.users)
	is_array(input.caller.records.members)
	_are_texts(input.caller.records.teams_of_alias)
	every id, team in input.caller.records.teams {
		team.team_id == id
		is_boolean(team.blocked)
	}
	every id, user in input.caller.records.users {
		user.user_id == id
		_are_texts(user.teams)
	}
	every member in input.caller.records.members {
		is_string(member.team_id)
		is_string(member.user_id)
	}
}

_settings_are_whole if {
	is_string(data.catalog.tokens.admin_scope)
	is_boolean(data.catalog.tokens.enforce_team)
	_are_texts_or_null(data.catalog.tokens.user_allowed_roles)
	is_array(data.catalog.tokens.role_mappings)
	every mapping in data.catalog.tokens.role_mappings {
		is_string(mapping.role)
		is_string(mapping.internal_role)
	}
	is_object(data.catalog.tokens.roles)
	every permission in data.catalog.tokens.roles {
		_are_texts_or_null(permission.models)
		_are_texts_or_null(permission.routes)
	}
}

_is_text_or_null(value) if is_string(value)

_is_text_or_null(value) if is_null(value)

_are_texts(values) if {
	is_array(values)
	every value in values {
		is_string(value)
	}
}

_are_texts_or_null(values) if _are_texts(values)

_are_texts_or_null(values) if is_null(values)
