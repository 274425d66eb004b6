/** {@code rate_limits} of routes, virtual hosts and filters, and buckets of tokens. */
@NullMarked
package dev.attache.config.ratelimit;

import org.jspecify.annotations.NullMarked;
