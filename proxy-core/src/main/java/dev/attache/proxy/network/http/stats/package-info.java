/**
 * The statistics of connection managers. Facts: Envoy's "HTTP connection manager statistics" page.
 */
@NullMarked
package dev.attache.proxy.network.http.stats;

import org.jspecify.annotations.NullMarked;
