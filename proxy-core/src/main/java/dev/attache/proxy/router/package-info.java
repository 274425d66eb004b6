/**
 * The router: the HTTP filter that sends a request upstream, tries again where the policy says so,
 * and brings the response back. Facts: Envoy's router filter page and {@code
 * source/common/router/router.cc}.
 */
@NullMarked
package dev.attache.proxy.router;

import org.jspecify.annotations.NullMarked;
