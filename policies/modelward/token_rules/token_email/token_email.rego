# METADATA
# title: The mail address is of the right domain
# description: With `user_allowed_email_domain` a token needs a mail address whose part after the `@` is that domain.
# custom:
#   spec: [R8]
#   order: 290
#   type: auth_error
#   layer: token
#   remedy: claim_email
#   advice: use an account of the domain that is served
#   alike: true
package modelward.token_rules.token_email

import data.modelward.lib.token

# METADATA
# description: Refuses a token with another mail address, or none.
deny contains message if {
	not _permitted
	message := "this token's mail address is not of the domain that this proxy serves; use another account"
}

_permitted if is_null(data.catalog.tokens.user_allowed_email_domain)

_permitted if token.is_admin

_permitted if {
	is_string(input.caller.token.email)
	parts := split(input.caller.token.email, "@")
	count(parts) == 2
	parts[1] == data.catalog.tokens.user_allowed_email_domain
}
