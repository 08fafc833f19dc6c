# METADATA
# title: The customer is not blocked
# description: A request for a blocked customer is refused.
# custom:
#   spec: [L7, A4]
#   order: 800
#   status: 401
#   type: auth_error
#   record: customer
#   remedy: unblock
#   advice: "the customer is blocked: ask the admin"
#   alike: true
package modelward.rules.customer_active

# METADATA
# description: Refuses a request for a blocked customer.
deny contains message if {
	not _active
	message := "the customer that the request names is blocked; ask the proxy's admin to unblock it"
}

_active if is_null(input.customer)

_active if input.customer.blocked == false
