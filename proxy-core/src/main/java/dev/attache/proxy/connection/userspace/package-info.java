/**
 * Connections that never leave the process: two ends on one worker, joined without a socket
 * (Envoy's {@code io_socket/user_space}), and who takes the far end of one.
 */
@NullMarked
package dev.attache.proxy.connection.userspace;

import org.jspecify.annotations.NullMarked;
