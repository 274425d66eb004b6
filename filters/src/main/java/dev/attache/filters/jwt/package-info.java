/**
 * JSON Web Tokens and key sets (RFC 7515 to 7519, 8037) as Envoy's JWT library reads and verifies
 * them: free of requests and of configuration, for every extension that takes a token.
 */
@NullMarked
package dev.attache.filters.jwt;

import org.jspecify.annotations.NullMarked;
