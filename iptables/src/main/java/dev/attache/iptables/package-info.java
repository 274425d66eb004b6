/** Traffic interception. */
@NullMarked
package dev.attache.iptables;

import org.jspecify.annotations.NullMarked;
