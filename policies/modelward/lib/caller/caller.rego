# METADATA
# title: The caller
# description: What kind of caller asks, and in whose name.
package modelward.lib.caller

import data.modelward.lib.token

# METADATA
# description: The master key, which has no list, team or owner (L9).
is_master if input.caller.kind == "master"

# METADATA
# description: A verified token, which has no key layer (R8).
is_token if input.caller.kind == "jwt"

# METADATA
# description: A caller without a virtual key.
has_no_key if is_master

has_no_key if is_token

# METADATA
# description: The master key, a token with the admin's scope (R6), or a caller whose user is a proxy admin (L9).
is_admin if is_master

is_admin if {
	is_token
	token.is_admin
}

is_admin if input.caller.user.user_role == "proxy_admin"

# METADATA
# description: In whose name the caller asks, for the log and for what it may see, and who owns what it makes.
subject := {
	"team_id": _team_id,
	"user_id": _user_id,
	"role": _role,
	"owner": _owner,
}

default _team_id := null

_team_id := input.caller.key.team_id

_team_id := input.caller.team.team_id if is_token

default _user_id := null

_user_id := input.caller.key.user_id

_user_id := input.caller.user.user_id if is_token

default _role := null

_role := token.role if is_token

# Files, batches and other objects are the team's, else the user's, else the key's; a token alone can own nothing.
default _owner := null

_owner := {"kind": "master", "id": "master"} if {
	is_master
} else := {"kind": "team", "id": _team_id} if {
	_names_someone(_team_id)
} else := {"kind": "user", "id": _user_id} if {
	_names_nobody(_stated_team_id)
	_names_someone(_user_id)
} else := {"kind": "key", "id": input.caller.key.token} if {
	not has_no_key
	_names_nobody(input.caller.key.team_id)
	_names_nobody(input.caller.key.user_id)
}

_stated_team_id := input.caller.key.team_id if not has_no_key

_stated_team_id := _team_id if is_token

_names_someone(id) if {
	is_string(id)
	id != ""
}

_names_nobody(null)

_names_nobody("")
