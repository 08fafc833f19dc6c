# METADATA
# title: The user of the token exists
# description: A token for a user without a record is refused, unless `user_id_upsert` lets new users in.
# custom:
#   spec: [R8]
#   differs: [R8]
#   order: 300
#   status: 401
#   type: auth_error
#   layer: user
#   remedy: create_token_user
#   advice: "the token's user has no record: ask the admin"
#   alike: true
package modelward.token_rules.token_user

import data.modelward.lib.token

# METADATA
# description: Refuses a token whose user has no record.
deny contains message if {
	not _known
	message := "this token's user does not exist here; ask the proxy's admin to add it"
}

_known if token.is_admin

_known if input.caller.records.users[token.user_id]

_known if data.catalog.tokens.unknown_users == true

_known if {
	is_null(input.caller.token.user_id)
	is_null(input.caller.token.email)
	not token.user_id
}
