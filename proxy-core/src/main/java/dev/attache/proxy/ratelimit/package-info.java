/**
 * Limits on how often something may happen: what a request counts as (descriptors, made by the
 * actions of {@code rate_limits} of routes, virtual hosts and filters) and the buckets of tokens
 * that a limit within this process is kept in. Who asks another service for its limits needs the
 * first half alone.
 */
@NullMarked
package dev.attache.proxy.ratelimit;

import org.jspecify.annotations.NullMarked;
