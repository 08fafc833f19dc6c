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
# description: In whose name the caller asks, for the log and for what it may see.
subject := {
	"team_id": _team_id,
	"user_id": _user_id,
	"role": _role,
	"admin": _admin,
}

default _team_id := null

_team_id := input.caller.key.team_id

_team_id := input.caller.team.team_id if is_token

default _user_id := null

_user_id := input.caller.key.user_id

_user_id := input.caller.user.user_id if is_token

default _role := null

_role := token.role if is_token

default _admin := false

_admin if is_admin
