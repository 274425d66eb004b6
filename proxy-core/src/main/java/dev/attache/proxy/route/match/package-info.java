/**
 * What a request must be for a route: path, header fields, query, cookies, what is known of its
 * connection and stream. Knows no route; others that ask the same of a request (rules of {@code
 * jwt_authn}, policies of {@code rbac}) use it too. Pure, any thread. Facts: {@code
 * envoy.config.route.v3.RouteMatch}.
 */
@NullMarked
package dev.attache.proxy.route.match;

import org.jspecify.annotations.NullMarked;
