"""`/jwt/key/mapping/...`: which tokens stand for which keys."""
