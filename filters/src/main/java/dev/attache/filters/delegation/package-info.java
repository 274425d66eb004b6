/**
 * What filters share that hand their streams to other filters, as a matcher tree picks: the actions
 * that such a tree may have, how far it is decided on a stream, and the filters of an action on a
 * worker.
 */
@NullMarked
package dev.attache.filters.delegation;

import org.jspecify.annotations.NullMarked;
