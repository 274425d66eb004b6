/**
 * Resources from files: inotify, and the subscription that reads a {@code DiscoveryResponse} from a
 * path and reads it again when the file is replaced by a move.
 */
@NullMarked
package dev.attache.xds.file;

import org.jspecify.annotations.NullMarked;
