/**
 * What stands before a server runs: the bootstrap read and compiled ({@link
 * dev.attache.server.assembly.Assembly}), the compilers of what control planes send, and the node
 * that they see.
 */
@NullMarked
package dev.attache.server.assembly;

import org.jspecify.annotations.NullMarked;
