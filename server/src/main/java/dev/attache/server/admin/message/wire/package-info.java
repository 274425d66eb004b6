/** The bytes of a message, taken apart into fields without its class. */
@NullMarked
package dev.attache.server.admin.message.wire;

import org.jspecify.annotations.NullMarked;
