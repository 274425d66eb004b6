/**
 * From rules to the kernel: choosing the iptables binaries, locking, restoring in one go, finding
 * out what is there, replacing and removing it, routes and addresses that go with it.
 */
@NullMarked
package dev.attache.iptables.apply;

import org.jspecify.annotations.NullMarked;
