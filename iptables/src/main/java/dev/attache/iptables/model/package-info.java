/**
 * What a rule means, whatever dialect it is written in: conditions on a packet and an action. Both
 * what this module writes and what {@code iptables-save} and {@code nft list} print are read into
 * it, so that two spellings of one rule are equal and a connection can be walked through them.
 */
@NullMarked
package dev.attache.iptables.model;

import org.jspecify.annotations.NullMarked;
