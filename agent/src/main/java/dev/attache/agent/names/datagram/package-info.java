/** A socket that tells at which of the machine's addresses it was asked. */
@NullMarked
package dev.attache.agent.names.datagram;

import org.jspecify.annotations.NullMarked;
