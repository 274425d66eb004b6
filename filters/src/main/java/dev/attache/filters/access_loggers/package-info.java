/** What access-log services have in common; each is a room of its own below. */
@NullMarked
package dev.attache.filters.access_loggers;

import org.jspecify.annotations.NullMarked;
