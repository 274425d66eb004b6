/**
 * The loop guard: recognises the proxy's own traffic when it comes back to the proxy, whatever the
 * rules that brought it, and refuses it before it costs another connection. Plain Java, no
 * dependencies: the proxy may use it as it is or implement {@link dev.attache.iptables.guard.Guard}
 * itself.
 */
@NullMarked
package dev.attache.iptables.guard;

import org.jspecify.annotations.NullMarked;
