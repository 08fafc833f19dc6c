# METADATA
# title: Management is the admin's
# description: Management routes and the config's admin_only_routes need an admin; the info routes show callers their own record.
# custom:
#   spec: [A3]
#   order: 400
#   status: 401
#   type: auth_error
#   layer: route
#   remedy: ask_as_admin
#   advice: use the master key or a proxy admin's key
#   alike: true
package modelward.rules.admin_only

import data.modelward.lib.caller
import data.modelward.lib.route
import data.modelward.lib.token

# METADATA
# description: Refuses everybody but admins.
deny contains message if {
	not _permitted
	message := $"`{input.request.method} {input.request.path}` needs the master key or a proxy admin's key"
}

_permitted if {
	input.request.operation in {"infer", "list", "state"}
	_unreserved
}

_permitted if {
	input.request.operation == "info"
	_own_record
	_unreserved
}

_permitted if caller.is_admin

_unreserved if data.catalog.settings.admin_only_routes == []

_unreserved if route.spares(data.catalog.settings.admin_only_routes)

# Without a record in the request, what is shown is the caller's own.
_own_record if is_null(input.request.record)

_own_record if {
	is_string(input.request.record.id)
	input.request.record.kind == "key"
	input.request.record.id == input.caller.key.token
}

_own_record if {
	is_string(input.request.record.id)
	input.request.record.kind == "team"
	input.request.record.id == caller.subject.team_id
}

_own_record if {
	caller.is_token
	is_string(input.request.record.id)
	input.request.record.kind == "team"
	input.request.record.id in token.teams
}

_own_record if {
	is_string(input.request.record.id)
	input.request.record.kind == "user"
	input.request.record.id == caller.subject.user_id
}
