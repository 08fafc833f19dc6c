# METADATA
# title: All places name the same model
# description: Two places that name different models leave open which one is meant.
# custom:
#   spec: [M2, A6]
#   differs: [M2]
#   order: 1210
#   status: 400
#   type: invalid_request_error
#   layer: request
#   remedy: name_one_model
#   advice: name the same model everywhere
#   alike: true
package modelward.rules.names_agree

# METADATA
# description: Refuses a request whose places name different models.
deny contains message if {
	not _agree
	message := "the request names different models in different places; name one"
}

_agree if input.request.differ == false
