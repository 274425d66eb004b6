/**
 * What the connection manager reads, checks and sets in a request's head before a route is looked
 * for: who the client is, its certificate, the path, the request's id; and the settings of each.
 * Facts: Envoy's "HTTP header manipulation" page.
 */
@NullMarked
package dev.attache.proxy.network.http.request;

import org.jspecify.annotations.NullMarked;
