/** {@code attache xds}: what the proxy has of its control planes, and what the last updates did. */
@NullMarked
package dev.attache.console.xds;

import org.jspecify.annotations.NullMarked;
