/**
 * What is said about a decision to whoever asks why: a tree of named facts, which the code that
 * decides fills in when it is asked to explain, and a question about a request that nobody sends.
 * Nothing here decides anything. Loop-confined while it is filled.
 */
@NullMarked
package dev.attache.proxy.explain;

import org.jspecify.annotations.NullMarked;
