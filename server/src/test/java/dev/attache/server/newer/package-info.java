/** Makes up configurations that set what is newer than the message classes, one thing each. */
@NullMarked
package dev.attache.server.newer;

import org.jspecify.annotations.NullMarked;
