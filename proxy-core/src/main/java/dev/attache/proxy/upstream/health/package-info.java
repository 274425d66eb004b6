/**
 * Active health checks: one checker per cluster with {@code health_checks}, one session per host
 * that asks it again and again and keeps its flags.
 *
 * <p>Everything here runs on the main thread's loop, as in Envoy: a host is checked once per
 * process and not once per worker, and its flags have one writer. Probes use the codecs and
 * transport sockets of ordinary upstream connections but connections of their own, which neither
 * pools nor circuit breakers know and which the cluster's connection counters leave out.
 *
 * <p>Source: envoyproxy.io, "Health checking".
 */
@NullMarked
package dev.attache.proxy.upstream.health;

import org.jspecify.annotations.NullMarked;
