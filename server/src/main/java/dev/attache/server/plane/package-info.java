/**
 * The config plane: what bootstrap and control planes say, kept, compiled, warmed and handed to the
 * workers. One main loop; nothing here is touched by another thread.
 *
 * <p>Roots (clusters, listeners) warm one by one: a new version waits for what it depends on
 * (endpoints, routes, secrets) while the previous one serves. Beside each spec stand the bytes that
 * it came from, for {@code /config_dump}.
 */
@NullMarked
package dev.attache.server.plane;

import org.jspecify.annotations.NullMarked;
