/**
 * The front of the xDS client: turns a {@code ConfigSource} into a running subscription, whatever
 * carries it (the one ADS stream, a stream of its own, a file).
 */
@NullMarked
package dev.attache.xds.client;

import org.jspecify.annotations.NullMarked;
