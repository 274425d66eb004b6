/** What every matcher tree may look at: {@code envoy.matching.common_inputs}. Complete. */
@NullMarked
package dev.attache.filters.matching.common_inputs;

import org.jspecify.annotations.NullMarked;
