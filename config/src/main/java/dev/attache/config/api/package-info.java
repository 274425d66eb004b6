/** What Envoy 1.40 has beyond the message classes in use: its extensions by name and type. */
@NullMarked
package dev.attache.config.api;

import org.jspecify.annotations.NullMarked;
