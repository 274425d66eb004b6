/**
 * {@code envoy.filters.listener.local_ratelimit}, {@code
 * envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit}: sockets of a listener take
 * tokens from a bucket; those for which there is none are closed before anything else is done for
 * them. The bucket is that of one version of the listener, as in Envoy. Status: complete; runtime
 * keys are read when the configuration is.
 */
@NullMarked
package dev.attache.filters.listener.local_ratelimit;

import org.jspecify.annotations.NullMarked;
