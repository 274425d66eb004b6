/**
 * What systemd is told of the process: that it serves, is replaced, ends, and still turns. Nothing
 * where nobody has asked for it ({@code NOTIFY_SOCKET}).
 */
@NullMarked
package dev.attache.server.supervision;

import org.jspecify.annotations.NullMarked;
