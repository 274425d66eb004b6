/**
 * What the router makes of a head as its route says: path, host, fields of requests and responses,
 * and where a redirect leads. Facts: Envoy's router filter page.
 */
@NullMarked
package dev.attache.proxy.router.rewrite;

import org.jspecify.annotations.NullMarked;
