/** What would happen to a connection: it is walked through the installed rules, one by one. */
@NullMarked
package dev.attache.iptables.explain;

import org.jspecify.annotations.NullMarked;
