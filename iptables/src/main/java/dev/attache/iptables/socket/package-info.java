/**
 * The few socket operations the JDK lacks, over libc by the foreign-function API: accept with the
 * destination a connection had before it was redirected, transparent sockets, packet marks.
 */
@NullMarked
package dev.attache.iptables.socket;

import org.jspecify.annotations.NullMarked;
