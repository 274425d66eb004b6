/**
 * Which route a request takes: virtual hosts, routes and what they say. Pure matching over headers
 * and stream info, without I/O; compiled so that ten thousand routes cost about as much as ten,
 * with the result that walking them in order would give. Facts: Envoy's "HTTP routing" pages.
 */
@NullMarked
package dev.attache.proxy.route;

import org.jspecify.annotations.NullMarked;
