/** Compiles {@code envoy.type.matcher.v3} messages and header matchers to proxy-core's matchers. */
@NullMarked
package dev.attache.config.matching;

import org.jspecify.annotations.NullMarked;
