/** Validation with real traffic: a connection is made and must arrive redirected. */
@NullMarked
package dev.attache.iptables.probe;

import org.jspecify.annotations.NullMarked;
